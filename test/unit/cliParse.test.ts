import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseMetrics, parseParams } from '../../src/cli/assignments.ts';
import { commands } from '../../src/cli/commands.ts';
import { formatAge } from '../../src/cli/format.ts';
import { diffLines } from '../../src/cli/lineDiff.ts';
import { ModelPaths } from '../../src/cli/modelPaths.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';
import { progressLine } from '../../src/cli/progressBar.ts';
import { printable, styled } from '../../src/cli/style.ts';
import { table, textWidth, truncate } from '../../src/cli/table.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const parse = (...argv: string[]) => parseCommandLine(argv, commands);

function given(...argv: string[]) {
  const { request } = parse(...argv);
  if (request.kind !== 'run') throw new Error(`not a command to run: ${JSON.stringify(request)}`);
  return { command: request.command.name, ...request.given };
}

function problem(...argv: string[]): string {
  const { request } = parse(...argv);
  if (request.kind !== 'problem') throw new Error(`no problem: ${request.kind}`);
  expect(request.error.code).toBe('usage');
  return request.error.message;
}

describe('the command line', () => {
  it('takes global options before and after the command', () => {
    for (const argv of [
      ['-C', 'sub', '--json', 'log', 'a.onnx'],
      ['log', '--json', 'a.onnx', '-C', 'sub'],
      ['--directory=sub', 'log', '--json', '--', 'a.onnx'],
    ]) {
      expect(parse(...argv)).toMatchObject({ json: true, directory: 'sub' });
      expect(given(...argv)).toMatchObject({ command: 'log', positionals: ['a.onnx'] });
    }
  });

  it('reads options with values, repeated ones, and texts that begin with a dash', () => {
    expect(
      given('record', 'a.onnx', '-m', '-5 % lr', '--metric', 'f1=0.9', '--metric=loss=-0.1').options,
    ).toMatchObject({ message: '-5 % lr', metric: ['f1=0.9', 'loss=-0.1'], param: [], json: false });
    expect(given('note', 'v4', '--', '--bad run--').positionals).toEqual(['v4', '--bad run--']);
    expect(given('compare', 'v1', 'v2', 'v3').positionals).toEqual(['v1', 'v2', 'v3']);
  });

  it('lets an empty text take a note back, but no other argument be empty', () => {
    expect(given('note', 'v4', '').positionals).toEqual(['v4', '']);
    expect(problem('show', '')).toBe('REF is empty.');
    expect(problem('du', '')).toBe('PATH is empty.');
  });

  it('takes an argument in brackets or none', () => {
    expect(given('du').positionals).toEqual([]);
    expect(given('du', 'a.onnx').positionals).toEqual(['a.onnx']);
    expect(problem('du', 'a.onnx', 'b.onnx')).toContain('one argument too many');
    expect(problem('store')).toContain('ACTION is missing');
  });

  it('says what is wrong, and what was probably meant', () => {
    expect(problem('staus')).toContain('Did you mean "status"?');
    expect(problem('help', 'rolback')).toContain('Did you mean "rollback"?');
    expect(problem('frobnicate')).not.toContain('Did you mean');
    expect(problem('record', 'a', '--mesage', 'x')).toContain('Did you mean --message?');
    expect(problem('rollback', 'v1', '-x')).toBe('There is no option -x here.');
    expect(problem('status', '--__proto__')).toBe('There is no option --__proto__ here.');
    expect(problem('record', 'a', '-m')).toBe('-m needs a value: -m TEXT.');
    expect(problem('status', '--json=yes')).toBe('--json takes no value.');
    expect(problem('tag', 'v1')).toContain('NAME is missing.');
    expect(problem('compare')).toContain('REF... is missing.');
    expect(problem('note', 'v1', 'two', 'words')).toContain('"words" is one argument too many.');
    expect(problem()).toContain('No command is given.');
  });

  it('knows that JSON is wanted even when the rest is wrong', () => {
    expect(parse('--json', 'staus').json).toBe(true);
    expect(parse('tag', '--json').json).toBe(true);
    expect(parse('record', 'a.onnx', '-m', '--json').json).toBe(false);
  });

  it('shows help in place of running, however it is asked for', () => {
    for (const argv of [
      ['help', 'tag'],
      ['tag', '--help'],
      ['-h', 'tag'],
    ])
      expect(parse(...argv).request).toMatchObject({ kind: 'help', command: { name: 'tag' } });
    expect(parse('--help').request).toEqual({ kind: 'help', command: undefined });
    expect(parse('--version').request).toEqual({ kind: 'version' });
  });
});

describe('metrics and parameters', () => {
  it('are numbers, or what they look like', () => {
    expect(parseMetrics(['f1=0.9', 'val/loss = 1e-3', 'a=1'])).toEqual({
      f1: 0.9,
      'val/loss': 0.001,
      a: 1,
    });
    expect(
      parseParams(['lr=3e-4', 'epochs=10', 'amp=true', 'clip=null', 'opt=adam', 'eq=a=b', 'id=007', 'none=']),
    ).toEqual({ lr: 0.0003, epochs: 10, amp: true, clip: null, opt: 'adam', eq: 'a=b', id: '007', none: '' });
    // More digits than a double holds.
    expect(parseParams(['seed=12345678901234567890'])).toEqual({ seed: '12345678901234567890' });
  });

  it.each([
    ['0.1', 0.1],
    ['-0.5', -0.5],
    ['0.00000001', 1e-8],
    ['0.7071067811865476', Math.SQRT1_2],
    ['1e-3', 0.001],
    ['2.50E+3', 2500],
    ['2.10', '2.10'],
    ['1.0', '1.0'],
    ['0.10', '0.10'],
    ['1.23456789012345678901', '1.23456789012345678901'],
    ['-0', '-0'],
    ['+1', '+1'],
    ['.5', '.5'],
    ['1.', '1.'],
    ['1_000', '1_000'],
    ['0x10', '0x10'],
    ['1e999', '1e999'],
  ])('keep the parameter %s as it was typed: %j', (typed, value) => {
    expect(parseParams([`torch=${typed}`])).toEqual({ torch: value });
  });

  it('take every spelling of a decimal number for a metric', () => {
    expect(parseMetrics(['a=+1', 'b=.5', 'c=2.10', 'd=5.', 'e=-1E3', 'f=007'])).toEqual({
      a: 1,
      b: 0.5,
      c: 2.1,
      d: 5,
      e: -1000,
      f: 7,
    });
  });

  it('take what a run that diverged came to, as Python prints it', () => {
    const metrics = parseMetrics(['loss=nan', 'norm=inf', 'gain=-Infinity']);
    expect(metrics).toEqual({ loss: NaN, norm: Infinity, gain: -Infinity });
  });

  it('refuse what is no number, or has no name', () => {
    for (const bad of ['f1=high', 'f1=', 'f1', '=1', 'f1=1e999', 'f1=0x10', 'f1=0b1', 'f1=1_000', 'f1=.'])
      expect(() => parseMetrics([bad]), bad).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => parseParams(['lr'])).toThrow('--param NAME=VALUE, not "lr"');
  });
});

describe('paths', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = makeWorkspace({ git: false });
    mkdirSync(path.join(workspace.folder, 'models/deep'), { recursive: true });
  });
  afterEach(() => workspace.remove());

  const at = (directory: string) => new ModelPaths(workspace.folder, path.join(workspace.folder, directory));

  it('are relative to the directory when typed and shown, to the root as models', () => {
    expect(at('models').toModel('a b.onnx')).toBe('models/a b.onnx');
    expect(at('models').toModel('../x.onnx')).toBe('x.onnx');
    expect(at('models').toModel(path.join(workspace.folder, 'x.onnx'))).toBe('x.onnx');
    expect(at('models/deep').shown('models/x.onnx')).toBe(path.join('..', 'x.onnx'));
    expect(() => at('.').toModel('../x.onnx')).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('find a model within a reference', () => {
    const models = new Set(['models/x.onnx', 'x.onnx', 'models/a@b.onnx', 'y.onnx']);
    const reference = (typed: string) => at('models').toReference(typed, models);
    expect(reference('x.onnx@v4')).toBe('models/x.onnx@v4');
    expect(reference('../x.onnx@@production')).toBe('x.onnx@@production');
    expect(reference('a@b.onnx')).toBe('models/a@b.onnx');
    expect(reference('a@b.onnx@v1')).toBe('models/a@b.onnx@v1');
    // Left to the engine: relative to the root, or no model at all.
    for (const typed of ['y.onnx@v1', 'v4', '@production', 'main~2']) expect(reference(typed)).toBe(typed);
  });

  it('are the same through a link to the folder, but a model that is a link stays itself', () => {
    symlinkSync(path.join(workspace.folder, 'models'), path.join(workspace.folder, 'link'));
    symlinkSync('elsewhere.onnx', path.join(workspace.folder, 'models/linked.onnx'));
    expect(at('link').toModel('linked.onnx')).toBe('models/linked.onnx');
    expect(at('.').toModel('link/linked.onnx')).toBe('models/linked.onnx');
  });
});

describe('text', () => {
  it('is aligned by what a terminal shows, with wide characters counted twice', () => {
    expect([
      textWidth('abc'),
      textWidth('模型'),
      textWidth('🚀'),
      textWidth('é'),
      textWidth(styled('red', 'ab')),
    ]).toEqual([3, 4, 2, 1, 2]);
    const lines = table([
      ['模型', 'x'],
      ['abcdef', '', 'y'],
    ]).split('\n');
    expect(lines).toEqual(['模型    x', 'abcdef     y']);
  });

  it('cuts the elastic column to the terminal, and leaves it whole elsewhere', () => {
    const rows = [['v1', 'a message that is quite long', 'f1=0.9']];
    expect(table(rows, { columns: 30, elastic: 1 })).toBe('v1  a message that is…  f1=0.9');
    expect(table(rows, { elastic: 1 })).toBe('v1  a message that is quite long  f1=0.9');
    expect(truncate('模型模型', 5)).toBe('模型…');
  });

  it('keeps a message from controlling the terminal', () => {
    const nasty = 'ok\u001B]0;owned\u0007\u001B[2J\u009B2J';
    expect(printable(nasty, true)).toBe('ok�]0;owned��[2J�2J');
    expect(printable(styled('red', 'x'), true)).toBe('\u001B[31mx\u001B[39m');
    expect(printable(styled('red', 'x'), false)).toBe('x');
  });

  it('gives ages as people say them', () => {
    const now = new Date('2026-11-21T12:00:00Z');
    const ages: readonly (readonly [string | undefined, string])[] = [
      ['2026-11-21T11:59:59.500Z', 'now'],
      ['2026-11-21T11:59:58.900Z', '1s ago'],
      ['2026-11-21T11:01:00.000Z', '59m ago'],
      ['2026-11-21T10:00:00.000Z', '2h ago'],
      ['2026-11-20T11:00:00.000Z', '1d ago'],
      ['2026-11-14T12:00:00.000Z', '1w ago'],
      ['2026-09-01T12:00:00.000Z', '2mo ago'],
      ['2024-11-20T12:00:00.000Z', '2y ago'],
      // Of a machine whose clock is ahead.
      ['2026-11-21T12:03:10.000Z', 'in 3m'],
      [undefined, ''],
      ['no time', ''],
    ];
    for (const [time, age] of ages) expect(formatAge(time, now)).toBe(age);
  });

  it('draws how far a long work is, in the width there is', () => {
    const progress = { label: 'models/churn.safetensors', done: 500 * 2 ** 20, total: 1000 * 2 ** 20 };
    const line = progressLine(progress, 250 * 2 ** 20, 99);
    expect(line).toContain('50 %  500 MB / 1000 MB  250 MB/s');
    for (const columns of [20, 40, 60, 80]) {
      expect(textWidth(progressLine(progress, 250 * 2 ** 20, columns))).toBeLessThanOrEqual(columns);
    }
    expect(progressLine({ ...progress, total: 0 }, 0, 60)).toBe('models/churn.safetensors  500 MB');
  });
});

it('a table has as many rows as there are', () => {
  const rows = Array.from({ length: 200_000 }, (_, row) => [`layer${row}`, 'F32']);
  expect(table(rows).split('\n').at(-1)).toBe('layer199999  F32');
});

describe('the diff of two texts', () => {
  it('is a unified one', () => {
    expect(diffLines('a\nb\nc\n', 'a\nB\nc\n')).toEqual(['@@ -1,3 +1,3 @@', ' a', '-b', '+B', ' c']);
    expect(diffLines('same\n', 'same\n')).toEqual([]);
  });

  it('gives up on the smallest one where the texts have nothing in common', () => {
    const text = (word: string) => Array.from({ length: 3000 }, (_, i) => `${word}${i}\n`).join('');
    const lines = diffLines(text('a'), text('b'));
    expect(lines.length).toBe(6001);
    expect(lines[0]).toBe('@@ -1,3000 +1,3000 @@');
  });
});
