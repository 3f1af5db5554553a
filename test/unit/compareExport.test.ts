import { describe, expect, test } from 'vitest';
import { compareSnapshot, keyOf } from '../../src/editor/panels/compareSnapshot.ts';
import type { RootedVersion } from '../../src/editor/versionsOfKeys.ts';
import { toCsv, toMarkdown } from '../../src/webview/compare/export.ts';
import { compareStateSchema, snapshotSchema } from '../../src/webview/compare/messages.ts';
import { filtered, metricsOf, viewOf } from '../../src/webview/compare/view.ts';
import * as v from 'valibot';
import { version } from '../screens/compareVersions.ts';

function snapshotOf(versions: readonly RootedVersion[]) {
  const snapshot = compareSnapshot(versions.map(keyOf), versions);
  // What reaches the page went through JSON and the schema.
  return v.parse(snapshotSchema, JSON.parse(JSON.stringify(snapshot)));
}

function viewOfVersions(versions: readonly RootedVersion[], baseline?: RootedVersion) {
  const snapshot = snapshotOf(versions);
  return viewOf(snapshot, metricsOf(snapshot), baseline && keyOf(baseline));
}

const first = version(1, { metrics: { f1: 0.9, loss: NaN }, params: { lr: 0.001, tag: 'a|b' } });
const second = version(2, {
  metrics: { f1: 0.913, loss: Infinity },
  params: { lr: 0.01 },
  tags: ['champion'],
  stage: 'production',
});

describe('the snapshot for the panel', () => {
  test('keeps NaN, infinity and gaps through JSON', () => {
    const gap = version(3, { metrics: { f1: -Infinity } });
    expect(metricsOf(snapshotOf([first, second, gap])).map((metric) => metric.values)).toEqual([
      [0.9, 0.913, -Infinity],
      [NaN, Infinity, undefined],
    ]);
  });

  test('tells of versions that were asked for and are gone', () => {
    const gone = keyOf(version(9));
    expect(compareSnapshot([keyOf(first), gone], [first]).missing).toEqual([gone]);
  });

  test('names models as briefly as tells them apart', () => {
    const labels = (...models: [root: string, model: string][]) =>
      snapshotOf(models.map(([root, model], i) => version(i, { root, model }))).models.map(
        ({ label }) => label,
      );
    expect(labels(['/r', 'models/a.onnx'], ['/r', 'models/b.onnx'])).toEqual(['a.onnx', 'b.onnx']);
    expect(labels(['/r', 'x/a.onnx'], ['/r', 'y/a.onnx'])).toEqual(['x/a.onnx', 'y/a.onnx']);
    expect(labels(['/r', 'a.onnx'], ['/s', 'a.onnx'])).toEqual(['r: a.onnx', 's: a.onnx']);
    expect(labels(['/p/r', 'a.onnx'], ['/q/r', 'a.onnx'])).toEqual(['/p/r: a.onnx', '/q/r: a.onnx']);
  });

  test('the same content in two models is two columns, each its own baseline', () => {
    const copy = { ...first, model: 'models/copy.onnx', time: second.time };
    expect(viewOfVersions([first, copy], copy).baseline).toBe(1);
  });

  test('takes the oldest for the baseline when the one that was chosen is gone', () => {
    expect(viewOfVersions([first, second], version(9)).baseline).toBe(0);
  });

  test('state that another version of the extension kept is not taken over when it does not fit', () => {
    expect(v.safeParse(compareStateSchema, { keys: ['v1'] }).success).toBe(false);
    expect(v.safeParse(compareStateSchema, undefined).success).toBe(false);
  });
});

test('the filter looks for parts of the name in any case, as in the other tables', () => {
  const namesFor = (filter: string): string[] => {
    const view = filtered(viewOfVersions([first, second]), filter);
    return [...view.metrics, ...view.params].map((row) => row.name);
  };
  expect(namesFor(' L')).toEqual(['loss', 'lr']);
  expect(namesFor('SS lo')).toEqual(['loss']);
});

describe('copying', () => {
  test('Markdown has the best in bold and the change behind each value', () => {
    expect(toMarkdown(viewOfVersions([first, second]))).toBe(
      [
        '|  | v1 (Baseline) | v2 (champion, production) |',
        '| --- | ---: | ---: |',
        '| f1 | 0.9 | **0.913** (+0.013) |',
        '| loss | NaN | ∞ |',
        '| lr | 0.001 | 0.01 |',
        '| tag | a\\|b |  |',
        '',
      ].join('\n'),
    );
  });

  test('CSV has every digit, quotes what needs it, and no formulas', () => {
    const tricky = version(3, {
      metrics: { 'a "b", c': 0.1 + 0.2 },
      params: { '=cmd': '=HYPERLINK("x")', lr: '-0.5', note: 'two\nlines' },
    });
    expect(toCsv(viewOfVersions([tricky]))).toBe(
      [
        ',v3',
        '"a ""b"", c",0.30000000000000004',
        `'=cmd,"'=HYPERLINK(""x"")"`,
        'lr,-0.5',
        'note,"two\nlines"',
        '',
      ].join('\r\n'),
    );
  });
});
