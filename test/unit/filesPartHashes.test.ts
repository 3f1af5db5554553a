import { setImmediate as nextTurn } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import type * as os from 'node:os';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { hashWorkers, hashWorkerFor } from '../../src/files/hashWorker.ts';
import { hashPartsTogether } from '../../src/files/partHashes.ts';
import { createStreamHash } from '../../src/files/streamHash.ts';
import { sha256 } from '../support/workspace.ts';

const machine = vi.hoisted(() => ({ cores: 2 }));
vi.mock('node:os', async (original) => ({
  ...(await original<typeof os>()),
  availableParallelism: () => machine.cores,
}));

const large = 64 << 20;

function shared(bytes: number): Uint8Array {
  const memory = new Uint8Array(new SharedArrayBuffer(bytes));
  memory.set(randomBytes(bytes));
  return memory;
}

function expectedOf(bytes: Uint8Array, ends: readonly number[]): string[] {
  return ends.map((end, part) => sha256(bytes.subarray(ends[part - 1] ?? 0, end)));
}

async function hashesOf(bytes: Uint8Array, ends: readonly number[]): Promise<string[]> {
  const hashes = await hashPartsTogether(bytes, ends);
  expect(hashes.length).toBe(32 * ends.length);
  return ends.map((_, part) => hashes.toString('hex', part * 32, part * 32 + 32));
}

describe('the hashes of parts', () => {
  const sizes = fc.array(fc.oneof(fc.nat(5), fc.nat(70_000), fc.integer({ min: 900_000, max: 1_200_000 })), {
    maxLength: 12,
  });

  it.each([
    { cores: 4, size: 1 << 20, threads: 0 },
    { cores: 2, size: large, threads: 1 },
    { cores: 4, size: 16 << 20, threads: 1 },
    { cores: 4, size: large, threads: 2 },
  ])('are those of each part, in order: $threads threads', async ({ cores, size, threads }) => {
    machine.cores = cores;
    hashWorkerFor(size);
    expect(hashWorkers()).toHaveLength(threads);
    const memory = shared(16 << 20);
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        let end = 0;
        const ends = lengths.map((length) => (end += length));
        const bytes = memory.subarray(0, end);
        expect(await hashesOf(bytes, ends)).toEqual(expectedOf(bytes, ends));
      }),
      { numRuns: 20 },
    );
    expect(hashWorkers(), 'none has ended').toHaveLength(threads);
  });

  it('are made while a stream is hashed, which they do not disturb', async () => {
    const stream = createStreamHash(large);
    const bytes = shared(3 << 20);
    const ends = [0, 1, 1 << 20, (2 << 20) + 5, 3 << 20];
    const answers = Array.from({ length: 8 }, () => {
      void stream.update(bytes);
      return hashesOf(bytes, ends);
    });
    for (const answer of answers) expect(await answer).toEqual(expectedOf(bytes, ends));
    expect(await stream.digest()).toBe(sha256(Buffer.concat(Array.from({ length: 8 }, () => bytes))));
    stream.dispose();
  });

  it('leave time for other things', async () => {
    const bytes = shared(32 << 20);
    const ends = Array.from({ length: 32 }, (_, part) => (part + 1) << 20);
    const state = { done: false };
    const hashing = hashPartsTogether(bytes, ends).then(() => (state.done = true));
    let turns = 0;
    for (; !state.done; turns++) await nextTurn();
    await hashing;
    expect(turns).toBeGreaterThan(2);
  });
});
