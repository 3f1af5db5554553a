import { expect, it, vi } from 'vitest';
import { itemOf } from '../../src/editor/modelItems.ts';
import type { ModelNode, Mutable } from '../../src/editor/nodes.ts';
import { SeriesNodes } from '../../src/editor/seriesNodes.ts';
import { tellApart } from '../../src/editor/tellApart.ts';

vi.mock('vscode', () => import('../screens/fakeVscode.ts'));

/** What stands behind the names of rows, the first part of it first. */
function rowsOf(...paths: readonly string[]): readonly string[] {
  const models = paths.map((path) => {
    const row = { path, working: { state: 'changed' }, versions: 0 };
    return { kind: 'model', trail: { root: '/work' }, path, shownPath: path, row } as unknown;
  });
  const rows = new SeriesNodes().rowsOf(models as Mutable<ModelNode>[], false);
  tellApart(rows);
  return rows.map((row) => `${String(itemOf(row).label)}: ${String(itemOf(row).description)}`);
}

it('rows of the same name say first where their folders differ: the end of a row is cut off', () => {
  expect(
    rowsOf(
      'logs/version_0/checkpoints/last.ckpt',
      'logs/version_10/checkpoints/last.ckpt',
      'logs/other.ckpt',
    ),
  ).toEqual([
    'last.ckpt: version_0 · not recorded · logs/version_0/checkpoints',
    'last.ckpt: version_10 · not recorded · logs/version_10/checkpoints',
    'other.ckpt: not recorded · logs',
  ]);
});

it('their folders are not said twice', () => {
  expect(rowsOf('a/x/best.pt', 'b/y/best.pt')).toEqual([
    'best.pt: a/x · not recorded',
    'best.pt: b/y · not recorded',
  ]);
});

it('of a folder in the other there is what it adds, and nothing of the other', () => {
  expect(rowsOf('best.pt', 'models/best.pt', 'models/old/best.pt')).toEqual([
    'best.pt: not recorded',
    'best.pt: models · not recorded',
    'best.pt: models/old · not recorded',
  ]);
  expect(rowsOf('models/best.pt', 'models/old/best.pt')).toEqual([
    'best.pt: not recorded · models',
    'best.pt: old · not recorded · models/old',
  ]);
});

it('so do series', () => {
  const epochs = (run: string) => [1, 2, 3, 4, 5, 6].map((epoch) => `runs/${run}/e${epoch}.pt`);
  expect(rowsOf(...epochs('a'), ...epochs('b'))).toEqual([
    'e{1…6}.pt: a · 6 not recorded · 6 models · runs/a',
    'e{1…6}.pt: b · 6 not recorded · 6 models · runs/b',
  ]);
});
