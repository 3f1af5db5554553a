import { describe, expect, it, vi } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { parseMetrics } from '../../src/metrics/metricsFile.ts';

function problem(fileName: string, text: string): string {
  try {
    parseMetrics(fileName, text);
  } catch (error) {
    if (TrailError.is(error)) return error.message;
    throw error;
  }
  return 'no problem';
}

describe('what a metrics file says', () => {
  it('numbers are metrics, words are params, in JSON and YAML alike', () => {
    const expected = {
      metrics: { accuracy: 0.93, 'eval/f1': 0.9, epoch: 3, 'test.loss': 1e-5 },
      params: { model: 'resnet18', pretrained: true },
    };
    const json =
      '{"accuracy":0.93,"eval/f1":0.9,"epoch":3,"test":{"loss":1e-5},"model":"resnet18","pretrained":true}';
    const yaml =
      'accuracy: 0.93\neval/f1: 0.9\nepoch: 3\ntest:\n  loss: 1e-5\nmodel: resnet18\npretrained: true\n';
    expect(parseMetrics('metrics.json', json)).toEqual(expected);
    expect(parseMetrics('metrics.yaml', yaml)).toEqual(expected);
    expect(parseMetrics('metrics.json', `\ufeff${json}`)).toEqual(expected);
  });

  it.each(['params', 'hyperparameters', 'config'])('everything below "%s" is a param', (key) => {
    const text = JSON.stringify({
      metrics: { f1: 0.5 },
      [key]: { lr: 0.1, optimizer: { name: 'adam' }, layers: [64, 32], seed: null },
    });
    expect(parseMetrics('metrics.json', text)).toEqual({
      metrics: { f1: 0.5 },
      params: { lr: 0.1, 'optimizer.name': 'adam', layers: '[64,32]', seed: null },
    });
  });

  it('a metric may be called params', () => {
    expect(parseMetrics('m.json', '{"params": 4810, "metrics": 3}').metrics).toEqual({
      params: 4810,
      metrics: 3,
    });
  });

  it('of a history the last value counts', () => {
    const text = '{"loss": [3, 2, 1.5], "confusion": [[1, 2], [3, 4]], "labels": ["a", "b"], "empty": []}';
    expect(parseMetrics('metrics.json', text)).toEqual({ metrics: { loss: 1.5 }, params: {} });
  });

  it('of a history that ends in gaps the last value before them counts', () => {
    const text =
      '{"loss": [0.1, 0.2, null], "val_loss": [null, 0.3, null, null], "none_loss": [null], "a_loss": [1, NaN]}';
    expect(parseMetrics('metrics.json', text).metrics).toEqual({
      loss: 0.2,
      val_loss: 0.3,
      a_loss: Number.NaN,
    });
  });

  it.each([
    ['{"metrics": {"acc": 0.9}, "acc": 0.1}', ['acc'], { acc: 0.1 }],
    ['{"acc": 0.1, "metrics": {"acc": 0.9}}', ['acc'], { acc: 0.9 }],
    ['{"a.b": 1, "a": {"b": 2}, "c": 3}', ['a.b'], { 'a.b': 2, c: 3 }],
    ['{"metrics": {"acc": 0.9, "x": NaN}, "acc": 0.9, "x": NaN}', undefined, { acc: 0.9, x: Number.NaN }],
    ['{"acc": 0.9, "a\\"b:": 1, "acc": 0.1}', ['acc'], { acc: 0.1, 'a"b:': 1 }],
    ['{"eval": {"f1": 0.5, "f1": 0.6}, "x": NaN}', ['eval.f1'], { 'eval.f1': 0.6, x: Number.NaN }],
    ['{"eval": {"f1": 1}, "eval": {"acc": 2}}', ['eval'], { 'eval.acc': 2 }],
    ['{"acc": 0.9, "word": ["a", "a:"], "acc": 0.9}', undefined, { acc: 0.9 }],
  ])('names of which %s says two things are told', (text, ambiguous, metrics) => {
    expect(parseMetrics('metrics.json', text)).toEqual({ metrics, params: {}, ambiguous });
  });

  it('names that YAML gives twice are told too', () => {
    const yaml = 'acc: 0.9\neval:\n  f1: 0.5\n  f1: 0.6\nacc: 0.1\n';
    const metrics = { acc: 0.1, 'eval.f1': 0.6 };
    expect(parseMetrics('metrics.yaml', yaml)).toMatchObject({ metrics, ambiguous: ['acc', 'eval.f1'] });
  });

  it('settings of which two things are said are told as well', () => {
    const text = '{"params": {"lr": 0.1}, "config": {"lr": 0.2}}';
    expect(parseMetrics('metrics.json', text)).toMatchObject({ params: { lr: 0.2 }, ambiguous: ['lr'] });
  });

  it('takes the NaN and Infinity that Python writes', () => {
    const text = '{\n\t"loss": NaN,\n\t"best": -Infinity,\n\t"history": [1.0, Infinity],\n\t"text": "nan"\n}';
    const expected = { loss: Number.NaN, best: -Infinity, history: Infinity, text: Number.NaN };
    expect(parseMetrics('metrics.json', text).metrics).toEqual(expected);
    expect(parseMetrics('metrics.yaml', 'loss: .nan\nbest: -.inf\n').metrics).toEqual({
      loss: Number.NaN,
      best: -Infinity,
    });
  });

  it('takes the texts that DVCLive writes for them', () => {
    const { metrics } = parseMetrics('metrics.json', '{"loss": "nan", "best": "-inf", "top": "Infinity"}');
    expect(metrics).toEqual({ loss: Number.NaN, best: -Infinity, top: Infinity });
  });

  it('takes settings that JSON cannot write as text', () => {
    const yaml = 'params:\n  clip: .inf\n  x: .nan\n  range: [-.inf, 1]\n';
    const params = { clip: 'Infinity', x: 'NaN', range: '["-Infinity",1]' };
    expect(parseMetrics('metrics.yaml', yaml)).toEqual({ metrics: {}, params });
    const json = '{"params": {"clip": Infinity, "x": NaN, "range": [-Infinity, 1]}}';
    expect(parseMetrics('metrics.json', json)).toEqual({ metrics: {}, params });
  });

  it('takes tagged values of YAML as they are written, and warns of nothing', () => {
    const warned = vi.spyOn(process, 'emitWarning');
    const yaml = 'f1: 0.5\nhash: !!binary aGVsbG8=\nday: !!timestamp 2026-11-20\n? [a, b]\n: 3\n';
    expect(parseMetrics('metrics.yaml', yaml)).toEqual({
      metrics: { f1: 0.5, '[ a, b ]': 3 },
      params: { hash: 'aGVsbG8=', day: '2026-11-20' },
    });
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  it('of a log with one object a line the last one counts', () => {
    const log = '{"epoch": 1, "loss": 0.9, "first": 1}\r\n{"epoch": 2, "loss": NaN}\r\n\n';
    expect(parseMetrics('metrics.json', log)).toEqual({ metrics: { epoch: 2, loss: NaN }, params: {} });
    expect(parseMetrics('metrics.json', '{"a": {"b": 1}}\n{"a": {"b": 2}, "a.b": 3}').ambiguous).toEqual([
      'a.b',
    ]);
  });

  it('takes names as they are', () => {
    const { metrics } = parseMetrics('metrics.json', '{"__proto__": 1, "constructor": {"x": 2}}');
    expect(Object.entries(metrics)).toEqual([
      ['__proto__', 1],
      ['constructor.x', 2],
    ]);
    expect(Object.getPrototypeOf(metrics)).toBe(Object.prototype);
  });
});

describe('a file that cannot be read says where', () => {
  const thousandAndOne = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`m${n}`, n]));
  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'a missing value',
      'metrics.json',
      '{\n  "a": 1,\n  "b": \n}',
      /metrics\.json.*line 3: A value is missing/,
    ],
    ['a bare word', 'metrics.json', '{"a": 1,\n "b": oops}', /line 2: "oops" is not JSON/],
    ['a missing end', 'metrics.json', '{"a": 1', /line 1/],
    ['nothing', 'metrics.json', '', /line 1/],
    ['a list', 'metrics.json', '[1, 2]', /line 1: Names with values/],
    ['YAML in JSON', 'metrics.json', 'a: 1', /line 1: "a" is not JSON/],
    [
      'wrong indentation',
      'metrics.yaml',
      'a: 1\nb:\n  c: 2\n d: 3\n',
      /metrics\.yaml.*line 4: The indentation is wrong here/,
    ],
    [
      'a last line that is not whole',
      'metrics.json',
      '{"a": 1}\n{"a": 2, "b"',
      /line 2: A bracket, .* missing/,
    ],
    ['a log with a list', 'metrics.json', '{"a": 1}\n[2]', /line 2: This is not JSON\.$/],
    ['a name of nothing', 'metrics.yaml', 'a: *b', /line 1: .*\.$/],
    ['words', 'metrics.yaml', 'just words', /line 1: Names with values/],
    ['brackets without end', 'metrics.yaml', '['.repeat(100_000), /metrics\.yaml/],
    ['deep nesting', 'metrics.json', `${'{"a":'.repeat(50)}1${'}'.repeat(50)}`, /nested too deeply/],
    ['more than 1 MiB', 'metrics.json', ' '.repeat(2 ** 20 + 1), /larger than 1 MiB/],
    ['more than 1,000 names', 'metrics.json', JSON.stringify(thousandAndOne), /more than 1000/],
  ];
  it.each(cases)('%s in %s', (_what, fileName, text, message) => {
    expect(problem(fileName, text)).toMatch(message);
  });

  it('an alias bomb is refused at once', () => {
    const levels = Array.from({ length: 20 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(10)}]`);
    expect(problem('metrics.yaml', `l0: &l0 [1]\n${levels.join('\n')}\n`)).toMatch(/alias/i);
  });
});
