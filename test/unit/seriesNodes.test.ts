import { describe, expect, it, vi } from 'vitest';
import { idOf, type ModelNode, type Mutable, parentOf } from '../../src/editor/nodes.ts';
import { SeriesNodes } from '../../src/editor/seriesNodes.ts';

vi.mock('vscode', () => import('../screens/fakeVscode.ts'));

type Model = Mutable<ModelNode>;

function model(path: string, root = '/work'): Model {
  return { kind: 'model', trail: { root }, path, shownPath: path, row: { path } } as unknown as Model;
}

const epochs = (...numbers: readonly number[]): Model[] =>
  numbers.map((number) => model(`runs/a/epoch_${number}.pt`));

describe('the rows of models in series', () => {
  const [best, other] = [model('runs/a/best.pt'), model('runs/z.pt')];
  const six = epochs(1, 10, 2, 3, 4, 5);
  const all = [best, ...six, other];

  it('are where the first model of each is, with the highest number first', () => {
    const rows = new SeriesNodes().rowsOf(all, false);
    expect(rows.map(({ kind }) => kind)).toEqual(['model', 'series', 'model']);
    const [, series] = rows;
    if (series?.kind !== 'series') throw new Error('There is no series.');
    expect(series.name).toBe('epoch_{1…10}.pt');
    const shown = series.shown.map(({ path }) => path.replace(/\D/g, ''));
    expect(shown).toEqual(['10', '5', '4', '3', '2', '1']);
    expect(all.map(parentOf)).toEqual([undefined, ...six.map(() => series), undefined]);
  });

  it('are the same objects as long as there is the series, and none when too few are left', () => {
    const nodes = new SeriesNodes();
    const [, series] = nodes.rowsOf(all, false);
    const more = [best, ...six, ...epochs(11), other];
    const [, longer] = nodes.rowsOf(more, false);
    expect(longer).toBe(series);
    expect(series).toMatchObject({ name: 'epoch_{1…11}.pt', models: { length: 7 } });
    const few = [best, ...six.slice(1), other];
    expect(nodes.rowsOf(few, false)).toEqual(few);
    expect(few.map(parentOf)).toEqual(few.map(() => undefined));
    expect(nodes.rowsOf(all, false)[1]).toBe(series);
  });

  it('stay in their places when a filter leaves few models, and go when it leaves none', () => {
    const nodes = new SeriesNodes();
    const [, series] = nodes.rowsOf(all, false);
    for (const one of all) one.matching = one === six[2] || one === other ? 1 : 0;
    expect(nodes.rowsOf(all, true)).toEqual([series, other]);
    expect(series).toMatchObject({ shown: [six[2]], models: { length: 6 }, startsOpen: true });
    for (const one of six) one.matching = 0;
    expect(nodes.rowsOf(all, true)).toEqual([other]);
    for (const one of all) one.matching = undefined;
  });

  it('are open at first where there is no other', () => {
    expect(new SeriesNodes().rowsOf(six, false)).toMatchObject([{ startsOpen: true }]);
    expect(new SeriesNodes().rowsOf(all, false)[1]).toMatchObject({ startsOpen: false });
  });

  it('are others in another folder, and in another trail', () => {
    const elsewhere = six.map(({ path }) => model(path.replace('/a/', '/b/')));
    const trail = six.map(({ path }) => model(path, '/other'));
    const rows = new SeriesNodes().rowsOf([...six, ...elsewhere, ...trail], false);
    expect(rows.map(({ kind }) => kind)).toEqual(['series', 'series', 'series']);
    expect(new Set(rows.map(idOf)).size).toBe(3);
  });
});
