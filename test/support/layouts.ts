import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { blockStarts, tensorLayout, type TensorLayout } from '../../src/formats/layout.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';

export const fixtures = path.join(import.meta.dirname, '../fixtures');
export const load = (name: string): Buffer => readFileSync(path.join(fixtures, name));
export const layoutOf = (bytes: Uint8Array, name: string): Promise<TensorLayout | undefined> =>
  tensorLayout(bytesAccess(bytes), name);

/** Little-endian. */
export function number(bytes: 4 | 8, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 4) buffer.writeUInt32LE(value);
  else buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

/** What holds for every layout, whatever the file. */
export function expectSound(layout: TensorLayout, size: number): void {
  let end = 0;
  for (const { start, length, elementBytes } of layout) {
    expect(start).toBeGreaterThanOrEqual(end);
    expect(length).toBeGreaterThan(0);
    expect([undefined, 1, 2, 4, 8]).toContain(elementBytes);
    end = start + length;
  }
  expect(end).toBeLessThanOrEqual(size);
  const starts = blockStarts(layout, size);
  expect(starts[0]).toBe(0);
  expect(starts.every((start, i) => start < size && (i === 0 || start > starts[i - 1]!))).toBe(true);
}

type Expected = Record<string, Record<string, { length: number; sha256: string }>>;
/** By file, what its framework reads: the tensors with their hashes. */
export const expectedLayouts = JSON.parse(load('layouts/expected.json').toString()) as Expected;
