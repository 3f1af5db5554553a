import { readdirSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { diffModels } from '../../src/diff/diffModels.ts';
import type { ModelDiff } from '../../src/diff/modelDiff.ts';
import type { TensorDifference, TensorEntry } from '../../src/diff/tensorsDiff.ts';
import { diffFixtures, sideOfBytes } from '../support/modelSides.ts';

interface Tensor {
  readonly name: string;
  readonly dtype: 'F32' | 'F64' | 'I8';
  readonly values: readonly number[];
  readonly rows: number;
}

const arrays = { F32: Float32Array, F64: Float64Array, I8: Int8Array } as const;

const tensor: fc.Arbitrary<Tensor> = fc.record({
  name: fc.constantFrom('a.w', 'a.b', 'model.a.w', 'b.0.w', 'b.1.w', 'c', '__proto__', 'constructor.w'),
  dtype: fc.constantFrom('F32', 'F64', 'I8'),
  values: fc.array(fc.constantFrom(0, 1, -1, 0.5, NaN, Infinity, 1e30), { minLength: 4, maxLength: 4 }),
  rows: fc.constantFrom(1, 2, 4),
});
const model = fc.uniqueArray(tensor, { maxLength: 6, selector: ({ name }) => name });

function safetensors(tensors: readonly Tensor[]): Uint8Array {
  const data = tensors.map(({ dtype, values }) => Buffer.from(arrays[dtype].from(values).buffer));
  let end = 0;
  const header = new Map(
    tensors.map(({ name, dtype, rows }, index) => {
      const start = end;
      end += data[index]?.length ?? 0;
      return [name, { dtype, shape: [rows, 4 / rows], data_offsets: [start, end] }];
    }),
  );
  // Not through an object, where `__proto__` is no name.
  const text = `{${[...header].map(([name, tensor]) => `${JSON.stringify(name)}:${JSON.stringify(tensor)}`).join()}}`;
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, Buffer.from(text), ...data]);
}

async function diffOf(a: Uint8Array, b: Uint8Array): Promise<ModelDiff> {
  return diffModels(await sideOfBytes('a', a), await sideOfBytes('b', b), unattended);
}

function mirrored({ a, b, status, difference, ...rest }: TensorEntry): TensorEntry {
  const opposite = { added: 'removed', removed: 'added' } as const;
  return {
    ...rest,
    status: status === 'added' || status === 'removed' ? opposite[status] : status,
    a: b,
    b: a,
    difference: difference && mirroredNumbers(difference),
  };
}

function mirroredNumbers({ a, b, normA, normB, l2, ...rest }: TensorDifference): TensorDifference {
  const relativeL2 = l2 !== undefined && normB ? l2 / normB : undefined;
  return { ...rest, a: b, b: a, normA: normB, normB: normA, l2, relativeL2 };
}

/** Of several changes that are the largest the first is named; the module of a pair is that of b. */
function withoutPlace({ difference, ...entry }: TensorEntry): unknown {
  return { ...entry, module: undefined, difference: difference && { ...difference, maxAt: undefined } };
}

const byName = (x: TensorEntry, y: TensorEntry): number =>
  `${x.a?.name} ${x.b?.name}` < `${y.a?.name} ${y.b?.name}` ? -1 : 1;

describe('a difference', () => {
  it('of a file with itself is none', async () => {
    await fc.assert(
      fc.asyncProperty(model, async (tensors) => {
        const diff = await diffOf(safetensors(tensors), safetensors(tensors));
        expect(diff.identical).toBe(true);
        expect(diff.verdict).toMatchObject({ changedTensors: 0, alarms: [] });
        expect([...diff.metadata, ...diff.hyperparameters, ...diff.notes]).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('the other way round is its mirror image', async () => {
    await fc.assert(
      fc.asyncProperty(model, model, async (x, y) => {
        const there = await diffOf(safetensors(x), safetensors(y));
        const back = await diffOf(safetensors(y), safetensors(x));
        expect(back.tensors.entries.map(mirrored).sort(byName).map(withoutPlace)).toEqual(
          there.tensors.entries.toSorted(byName).map(withoutPlace),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is plain JSON with finite numbers', async () => {
    await fc.assert(
      fc.asyncProperty(model, model, async (x, y) => {
        const diff = await diffOf(safetensors(x), safetensors(y));
        expect(JSON.parse(JSON.stringify(diff))).toEqual(diff);
      }),
      { numRuns: 100 },
    );
  });

  it('has every tensor of both sides once', async () => {
    await fc.assert(
      fc.asyncProperty(model, model, async (x, y) => {
        const [bytesX, bytesY] = [safetensors(x), safetensors(y)];
        const { identical, tensors } = await diffOf(bytesX, bytesY);
        expect(identical).toBe(Buffer.compare(bytesX, bytesY) === 0);
        const names = (side: 'a' | 'b'): string[] =>
          tensors.entries.flatMap((entry) => entry[side]?.name ?? []).sort();
        // Nothing is listed of one and the same file.
        expect(names('a')).toEqual(identical ? [] : x.map(({ name }) => name).sort());
        expect(names('b')).toEqual(identical ? [] : y.map(({ name }) => name).sort());
      }),
      { numRuns: 100, examples: [[[], []]] },
    );
  });
});

it('of every fixture with itself is none', async () => {
  for (const folder of ['formats', 'readers', 'diff']) {
    for (const file of readdirSync(path.join('test/fixtures', folder))) {
      if (/\.(json|txt|weights|bin|snappy)$/.test(file)) continue;
      const diff = await diffFixtures(`${folder}/${file}`, `${folder}/${file}`);
      expect(diff.tensors, file).toMatchObject({ changed: 0, added: 0, removed: 0, renamed: 0 });
      expect(diff.graph?.nodes.changes ?? [], file).toEqual([]);
      expect(diff.verdict.alarms, file).toEqual([]);
    }
  }
});
