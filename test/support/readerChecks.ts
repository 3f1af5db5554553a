import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { readerOf, type ReadContext } from '../../src/formats/readers.ts';
import type { FormatName } from '../../src/formats/formatNames.ts';
import type { ModelSummary, TensorInfo } from '../../src/formats/summary.ts';
import { processorTime } from './processorTime.ts';

export const context: ReadContext = { name: 'model', signal: new AbortController().signal };

/** As the engine reads it: by the reader that is registered. */
export async function readAs(format: FormatName, bytes: Uint8Array, given = context): Promise<ModelSummary> {
  const reader = await readerOf(format);
  if (!reader) throw new Error(`no reader of ${format}`);
  const started = processorTime();
  const summary = await reader(bytesAccess(bytes), given);
  expect(processorTime() - started).toBeLessThan(5000);
  expectSound(summary, bytes.length);
  return summary;
}

export interface HashedTensor extends TensorInfo {
  /** Of the bytes in the file. */
  readonly sha256?: string;
}

/** The tensors as the expectations of the fixtures have them. */
export function hashedTensors(tensors: readonly TensorInfo[], bytes: Uint8Array): HashedTensor[] {
  return tensors.map(({ name, dtype, shape, byteOffset, byteLength }) => {
    if (byteOffset === undefined || byteLength === undefined) return { name, dtype, shape, byteLength };
    const data = bytes.subarray(byteOffset, byteOffset + byteLength);
    const sha256 = createHash('sha256').update(data).digest('hex');
    return { name, dtype, shape, byteOffset, byteLength, sha256 };
  });
}

/** What holds for every summary, whatever the file. */
function expectSound({ tensors, findings, complete, parameters, trees }: ModelSummary, size: number): void {
  if (!complete) expect(findings.length).toBeGreaterThan(0);
  if (parameters !== undefined) expect(Number.isSafeInteger(parameters)).toBe(true);
  for (const { byteOffset, byteLength, shape } of tensors) {
    // Not a number where no file could hold what it says.
    expect(shape.every((dimension) => !(dimension < 0))).toBe(true);
    if (byteOffset === undefined) continue;
    expect(byteOffset).toBeGreaterThanOrEqual(0);
    if (complete) expect(byteOffset + (byteLength ?? 0)).toBeLessThanOrEqual(size);
  }
  for (const { leaves, depth } of trees?.trees ?? []) {
    expect(leaves).toBeGreaterThanOrEqual(0);
    expect(depth).toBeGreaterThanOrEqual(0);
  }
}

/** A file that ends early is never taken for whole. */
export async function checkTruncated(format: FormatName, bytes: Uint8Array): Promise<void> {
  for (let part = 0; part < 64; part++) {
    const cut = bytes.subarray(0, Math.floor((bytes.length * part) / 64));
    const summary = await readAs(format, cut);
    expect(summary.complete, `cut at ${cut.length}`).toBe(false);
  }
}

/** However bytes are changed, put in or taken out, the reader comes to an end. */
export async function checkMutated(format: FormatName, bytes: Uint8Array, numRuns = 200): Promise<void> {
  const nearStart = Math.min(bytes.length - 1, 800);
  const edit = fc.record({
    at: fc.oneof(fc.nat(bytes.length - 1), fc.nat(nearStart)),
    remove: fc.oneof(fc.constant(0), fc.nat(9)),
    insert: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
      fc.constantFrom(
        new Uint8Array(4).fill(0xff),
        new Uint8Array(8).fill(0xff),
        Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
        new Uint8Array(8),
      ),
    ),
    overwrite: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 5 }), async (edits) => {
      let changed = Buffer.from(bytes);
      for (const { at, remove, insert, overwrite } of edits) {
        const rest = changed.subarray(at + (overwrite ? insert.length : remove));
        changed = Buffer.concat([changed.subarray(0, at), insert, rest]);
      }
      await readAs(format, changed);
    }),
    { numRuns },
  );
}
