import { randomBytes } from 'node:crypto';
import type * as os from 'node:os';
import type * as workerThreads from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hashParts } from '../../src/files/hashParts.ts';
import type { HashQuestion } from '../../src/files/hashThread.ts';
import { hashWorkers } from '../../src/files/hashWorker.ts';
import { hashPartsTogether } from '../../src/files/partHashes.ts';
import { createStreamHash, type StreamHash } from '../../src/files/streamHash.ts';
import { sha256 } from '../support/workspace.ts';

// The thread that hashes is a help, not a need: real threads, which die of a question or are started from a file that is not there.

const threads = vi.hoisted(() => ({ missing: false }));
vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof workerThreads>();
  class Worker extends real.Worker {
    constructor(file: string, options: workerThreads.WorkerOptions) {
      super(threads.missing ? `${file}.missing` : file, options);
    }
  }
  return { ...real, Worker };
});

const machine = vi.hoisted(() => ({ cores: 2 }));
vi.mock('node:os', async (original) => ({
  ...(await original<typeof os>()),
  availableParallelism: () => machine.cores,
}));

const large = 64 << 20;
const bytes = randomBytes(8 << 20);
const ends = Array.from({ length: 8 }, (_, part) => (part + 1) << 20);
const expected = Buffer.from(hashParts(bytes, ends));

/** @returns when it is dead */
async function killThread(thread = hashWorkers()[0]): Promise<void> {
  const fatal = { bytes, ends: undefined } as unknown as HashQuestion;
  await expect(thread?.ask(fatal)).rejects.toThrow();
}

let stream: StreamHash;
afterEach(() => {
  stream.dispose();
  machine.cores = 2;
});

describe('a hashing thread that dies', () => {
  it('leaves the parts that it was given to the one who asked', async () => {
    stream = createStreamHash(large);
    await stream.update(bytes);
    const [death, hashes] = await Promise.all([killThread(), hashPartsTogether(bytes, ends)]);
    expect(death).toBeUndefined();
    expect(hashes).toEqual(expected);
    expect(hashWorkers()).toEqual([]);
    expect(await hashPartsTogether(bytes, ends)).toEqual(expected);
  });

  it('fails the streams of which it had a part, never gives them a wrong hash, and the next has a new one', async () => {
    stream = createStreamHash(large);
    await stream.update(bytes);
    await killThread();
    await expect(stream.update(bytes)).rejects.toThrow();
    await expect(stream.digest()).rejects.toThrow();
    stream.dispose();

    stream = createStreamHash(large);
    await stream.update(bytes);
    expect(hashWorkers()).toHaveLength(1);
    expect(await stream.digest()).toBe(sha256(bytes));
    await killThread();
  });

  it('takes nothing with it that another one hashes', async () => {
    machine.cores = 4;
    stream = createStreamHash(large);
    await stream.update(bytes);
    const [first, second] = hashWorkers();
    const [, hashes] = await Promise.all([killThread(second), hashPartsTogether(bytes, ends)]);
    expect(hashes).toEqual(expected);
    expect(hashWorkers()).toEqual([first]);
    expect(await stream.digest()).toBe(sha256(bytes));
    await killThread();
  });
});

describe('a hashing thread that cannot start', () => {
  it('is done without', async () => {
    threads.missing = true;
    stream = createStreamHash(large);
    expect(hashWorkers()).toHaveLength(1);
    const updates = [bytes, Buffer.from('more')].map((piece) => stream.update(piece));
    expect(await hashPartsTogether(bytes, ends)).toEqual(expected);
    await Promise.all(updates);
    expect(await stream.digest()).toBe(sha256(Buffer.concat([bytes, Buffer.from('more')])));
    expect(hashWorkers()).toEqual([]);
  });
});
