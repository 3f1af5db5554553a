import { describe, expect, it } from 'vitest';
import { parseMetrics } from '../../src/metrics/metricsFile.ts';

/** What yaml.safe_load of PyYAML 6.0.3 made of each in `v: ...`. */
const byPyYaml: Readonly<Record<string, string | number | boolean>> = {
  '0777': 511,
  '-0777': -511,
  '0_7': 7,
  '0_': 0,
  '00': 0,
  '0b101': 5,
  '0b': '0b',
  '0x1F': 31,
  '0x_1f': 31,
  '0x': '0x',
  '1_000': 1000,
  '-1_000': -1000,
  '1__0': 10,
  _1: '_1',
  '+5': 5,
  '1_000.5': 1000.5,
  '1._5': 1.5,
  '.5': 0.5,
  '.5_0': 0.5,
  '5.': 5,
  '09.5': 9.5,
  '1.5e+3': 1500,
  '1.2.3': '1.2.3',
  '1:30': 90,
  '-1:30': -90,
  '01:30': '01:30',
  '0:30': '0:30',
  '1:60': '1:60',
  '1:30:15': 5415,
  '190:20:30': 685_230,
  '1_0:30': 630,
  '1:30.5': 90.5,
  '0:30.5': 30.5,
  yes: true,
  no: false,
  on: true,
  off: false,
  Yes: true,
  NO: false,
  y: 'y',
  n: 'n',
  on1: 'on1',
  true: true,
  False: false,
};

describe('a YAML file of metrics means what Python reads in it', () => {
  it.each(Object.entries(byPyYaml))('%s', (text, value) => {
    const { metrics, params } = parseMetrics('metrics.yaml', `v: ${text}\n`);
    expect({ ...metrics, ...params }).toEqual({ v: value });
    expect(parseMetrics('metrics.yaml', `params:\n  v: ${text}\n`).params).toEqual({ v: value });
  });

  it('what is text to PyYAML only for want of a point is a number', () => {
    const yaml = 'lr: 1e-5\nsteps: 1e3\ndecay: 1.5e3\n';
    expect(parseMetrics('metrics.yaml', yaml).metrics).toEqual({ lr: 1e-5, steps: 1000, decay: 1500 });
  });

  it('names stay as they are written', () => {
    const yaml = 'no: 1\nn: 2\n007: 3\n1_0: 4\n2026-11-20: 5\nTrue: 6\n"on": 7\n';
    const { metrics } = parseMetrics('metrics.yaml', yaml);
    expect(metrics).toEqual({ no: 1, n: 2, '007': 3, '1_0': 4, '2026-11-20': 5, True: 6, on: 7 });
  });

  it('takes over what it merges', () => {
    const yaml = 'base: &base\n  lr: 0.1\n  seed: 1\nparams:\n  <<: *base\n  seed: 2\n';
    expect(parseMetrics('metrics.yaml', yaml)).toMatchObject({ params: { lr: 0.1, seed: 2 } });
  });

  it('quoted and tagged text stays text, and so does what is no JSON in JSON', () => {
    expect(parseMetrics('metrics.yaml', 'a: "0777"\nb: !!str 1_000\n').params).toEqual({
      a: '0777',
      b: '1_000',
    });
    expect(parseMetrics('metrics.json', '{"a": NaN, "b": "1_000", "c": "yes"}').params).toEqual({
      b: '1_000',
      c: 'yes',
    });
  });
});
