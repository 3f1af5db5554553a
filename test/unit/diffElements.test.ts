import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { diffModels } from '../../src/diff/diffModels.ts';
import type { ModelSide } from '../../src/diff/sides.ts';
import type { TensorDifference } from '../../src/diff/tensorsDiff.ts';
import { entryOf, sideOfBytes } from '../support/modelSides.ts';

describe('elements that one number does not tell apart', () => {
  /** A safetensors file with the tensor `w`. */
  async function side(dtype: string, shape: readonly number[], data: ArrayBufferView): Promise<ModelSide> {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const header = JSON.stringify({ w: { dtype, shape, data_offsets: [0, bytes.length] } });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    return sideOfBytes('w.safetensors', Buffer.concat([length, Buffer.from(header), bytes]));
  }
  async function differenceOf(a: ModelSide, b: ModelSide): Promise<TensorDifference | undefined> {
    const diff = await diffModels(a, b, unattended);
    expect(diff.notes).toEqual([]);
    return entryOf(diff, 'w').difference;
  }

  // Small tensors are read at once, large ones in pieces.
  it.each([2, 300_000])('are compared by real and imaginary part: %i complex ones', async (count) => {
    const numbers = Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 3 : -4));
    const a = await side('C64', [count], numbers);
    const negated = await differenceOf(
      a,
      await side(
        'C64',
        [count],
        numbers.map((x) => -x),
      ),
    );
    expect(negated).toMatchObject({
      elements: count,
      changed: count,
      relativeL2: 2,
      cosine: expect.closeTo(-1, 12),
      maxAbsolute: 10,
    });

    // One is turned by a quarter: 3 - 4i becomes 4 + 3i, of the same magnitude.
    const turned = numbers.slice();
    turned.set([4, 3], 2);
    expect(await differenceOf(a, await side('C64', [count], turned))).toMatchObject({
      elements: count,
      changed: 1,
      l2: Math.sqrt(50),
      normA: 5 * Math.sqrt(count),
      maxAt: [1],
    });
  });

  it('are compared with real ones, and a NaN in one part makes an element NaN', async () => {
    const a = await side('F32', [3], Float32Array.of(1, 2, 3));
    const b = await side('C64', [3], Float32Array.of(1, 0, 2, 5, 3, NaN));
    const difference = await differenceOf(a, b);
    expect(difference).toMatchObject({ elements: 3, changed: 2, l2: 5, normA: Math.sqrt(5), b: { nan: 1 } });
  });

  it('are found transposed', async () => {
    const a = await side('C64', [2, 3], Float32Array.of(1, 2, 3, -4, 5, 6, -7, 8, 9, 0, -1, 2));
    const b = await side('C64', [3, 2], Float32Array.of(1, 2, -7, 8, 3, -4, 9, 0, 5, 6, -1, 2));
    const diff = await diffModels(a, b, unattended);
    expect(entryOf(diff, 'w')).toMatchObject({ status: 'changed', transposed: true });
    expect(entryOf(diff, 'w').difference).toBeUndefined();
  });

  it('are whole numbers beyond 2^53', async () => {
    const a = await side('I64', [3], BigInt64Array.of(2n ** 60n + 1n, -(2n ** 62n) + 3n, 7n));
    const b = await side('I64', [3], BigInt64Array.of(2n ** 60n + 2n, -(2n ** 62n) + 1n, 7n));
    expect(await differenceOf(a, b)).toMatchObject({
      changed: 2,
      l2: Math.sqrt(5),
      maxAbsolute: 2,
      maxAt: [1],
    });
    const unsigned = await side('U64', [3], BigUint64Array.of(2n ** 60n + 1n, 2n ** 64n - 1n, 7n));
    expect(await differenceOf(a, unsigned)).toMatchObject({ changed: 1, maxAbsolute: 2 ** 64 + 2 ** 62 });
  });
});
