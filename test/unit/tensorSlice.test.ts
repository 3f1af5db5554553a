import { describe, expect, it } from 'vitest';
import { SliceReducer } from '../../src/tensors/slice.ts';

describe('a picture of a plane', () => {
  const elements = Float32Array.from({ length: 6 * 10 }, (_, i) => (i === 13 ? -1000 : i));

  it('shows each cell by the mean of its elements, or by the one that is farthest from zero', () => {
    const shape = { height: 6, width: 10, rows: 3, columns: 4 };
    const [mean, extreme] = (['mean', 'extreme'] as const).map((reduce) => {
      const reducer = new SliceReducer({ ...shape, reduce });
      // In pieces that do not end with a row.
      for (let at = 0; at < elements.length; at += 7) reducer.add(elements.subarray(at, at + 7));
      return reducer.values();
    });
    // Columns 0 to 2, 3 and 4, 5 to 7, 8 and 9.
    expect(Array.from(mean!.slice(0, 2))).toEqual([6, (3 + 4 - 1000 + 14) / 4]);
    expect(Array.from(extreme!.slice(0, 4))).toEqual([12, -1000, 17, 19]);
    expect(extreme!.at(-1)).toBe(59);
  });

  it('leaves out what is no number, and shows nothing where there is nothing else', () => {
    const reducer = new SliceReducer({ height: 1, width: 4, rows: 1, columns: 2, reduce: 'mean' });
    reducer.add(Float64Array.of(Number.NaN, 2, Infinity, Number.NaN));
    expect([...reducer.values()]).toEqual([2, Number.NaN]);
  });
});
