import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { diffModels } from '../../src/diff/diffModels.ts';
import type { ModelDiff } from '../../src/diff/modelDiff.ts';
import { reportMarkdown } from '../../src/diff/reportMarkdown.ts';
import { sideOfBytes } from '../support/modelSides.ts';

const fixture = (file: string): Buffer => readFileSync(path.join('test/fixtures', file));

async function diffOf(name: string, a: Uint8Array, b: Uint8Array): Promise<ModelDiff> {
  return diffModels(await sideOfBytes(name, a), await sideOfBytes(name, b), unattended);
}

function header(tensors: Readonly<Record<string, object>>, data = 0): Buffer {
  const text = Buffer.from(JSON.stringify(tensors));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(data)]);
}

describe('damaged models', () => {
  const pairs = [
    ['diff/base.safetensors', 'diff/tuned.safetensors'],
    ['diff/base.pt', 'diff/base.pt'],
    ['diff/quantized.gguf', 'diff/quantized.gguf'],
    ['diff/network.onnx', 'diff/network-changed.onnx'],
    ['diff/weak.joblib', 'diff/strong.joblib'],
    ['readers/xgboost-binary.ubj', 'readers/xgboost-stumps.ubj'],
  ] as const;

  it.each(pairs)(
    '%s against %s with bytes changed or cut off: told as far as it can be read',
    async (a, b) => {
      const [whole, other] = [fixture(a), fixture(b)];
      const change = fc.tuple(fc.nat(other.length - 1), fc.nat(255));
      await fc.assert(
        fc.asyncProperty(fc.array(change, { maxLength: 8 }), fc.nat(other.length), async (changes, end) => {
          const damaged = Buffer.from(other);
          for (const [at, byte] of changes) damaged[at] = byte;
          const cut = end % 3 === 0 ? damaged.subarray(0, end) : damaged;
          let diff: ModelDiff;
          try {
            diff = await diffOf(path.basename(b), whole, cut);
          } catch (error) {
            // Of what is not recognised any more there is no reader.
            expect(String(error)).toMatch(/^Error: no reader/);
            return;
          }
          expect(JSON.parse(JSON.stringify(diff))).toEqual(diff);
          if (diff.identical) return;
          if (!diff.b.complete) expect(diff.complete).toBe(false);
          expect(diff.tensors.entries.filter(({ b }) => b)).toHaveLength(diff.b.tensors);
        }),
        { numRuns: 60 },
      );
    },
    60_000,
  );
});

describe('models made to hurt', () => {
  it('of numbers whose squares are too large have no cosine, rather than a wrong one', async () => {
    const values = (...numbers: number[]): Buffer =>
      Buffer.concat([
        header({ w: { dtype: 'F64', shape: [2], data_offsets: [0, 16] } }),
        Buffer.from(Float64Array.from(numbers).buffer),
      ]);
    const { tensors } = await diffOf('w.safetensors', values(1, 1), values(-3e155, -3e155));
    expect(tensors.entries[0]?.difference).toMatchObject({
      normA: Math.SQRT2,
      cosine: undefined,
      maxAbsolute: 3e155,
    });
  });

  it('of many tensors of one kind that have no partner are compared all the same', async () => {
    const many = (prefix: string): Buffer =>
      header(
        Object.fromEntries(
          Array.from({ length: 20_000 }, (_, index) => [
            `${prefix}${index}.w`,
            { dtype: 'U8', shape: [1], data_offsets: [index, index + 1] },
          ]),
        ),
        20_000,
      );
    const { tensors } = await diffOf('many.safetensors', many('a'), many('b'));
    expect(tensors.entries).toHaveLength(20_000);
    expect(tensors.renamed).toBe(20_000);
  }, 60_000);

  it('of shapes without an end or without elements have no numbers', async () => {
    const huge = header({ w: { dtype: 'F32', shape: [2 ** 31, 2 ** 31, 2 ** 31], data_offsets: [0, 8] } }, 8);
    const none = header({ w: { dtype: 'F32', shape: [0, 5], data_offsets: [0, 0] } });
    const diff = await diffOf('huge.safetensors', huge, none);
    expect(diff.tensors.entries).toMatchObject([{ status: 'changed', reshaped: true }]);
    expect(diff.tensors.entries[0]?.difference).toBeUndefined();
    expect((await diffOf('none.safetensors', none, none)).identical).toBe(true);
  });

  it('cannot write Markdown of their own', async () => {
    const name = '| [x](http://a) <img src=x> `code` ![](b)\n# title';
    const file = header({ [name]: { dtype: 'U8', shape: [1], data_offsets: [0, 1] } }, 1);
    const text = reportMarkdown(await diffOf('a.safetensors', header({}), file));
    const row = text.split('\n').find((line) => line.includes('http'));
    expect(row).toContain(String.raw`\| \[x\](http://a) \<img src=x\> \`code\` \!\[\](b)\\u\{a\}\# title`);
    expect(text).not.toMatch(/^# title/m);
  });
});
