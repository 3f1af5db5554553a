import { randomBytes } from 'node:crypto';
import type * as workerThreads from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DecodeJob } from '../../src/store/decodeThread.ts';
import { encodeBlock, plainBlock, type StoredBlock } from '../../src/store/encoding.ts';

// Blocks that are decoded by a thread and by the one who asks: real threads, of which each test has its own.

const started: workerThreads.Worker[] = [];
vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof workerThreads>();
  class Worker extends real.Worker {
    constructor(file: string, options: workerThreads.WorkerOptions) {
      super(file, options);
      started.push(this);
    }
  }
  return { ...real, Worker };
});

/** Nothing is known of threads that other tests started. */
async function fresh() {
  vi.resetModules();
  return import('../../src/store/decodeWorker.ts');
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((worker) => worker.terminate()));
});

const size = 200_000;

const stored = (bytes: Uint8Array, base?: Uint8Array): StoredBlock =>
  encodeBlock(bytes, { elementBytes: 4, base });

/** Floats of one size, so that their planes compress; every other one is a difference to the one before it. */
const blocks = Array.from({ length: 40 }, () => {
  const floats = Float32Array.from({ length: size / 4 }, (_, at) => 1 + ((at * 7919) % 1000) / 1000);
  const bytes = Buffer.from(floats.buffer);
  randomBytes(64).copy(bytes, 1000);
  return bytes;
});
const jobs = (): DecodeJob[] =>
  blocks.map((bytes, at) => {
    const target = new Uint8Array(new SharedArrayBuffer(size));
    const before = at % 2 === 1 ? blocks[at - 1] : undefined;
    if (!before) return { block: stored(bytes), target };
    return {
      block: stored(bytes, before),
      base: at % 4 === 1 ? stored(before) : plainBlock(before),
      target,
    };
  });

function expectAll(done: readonly DecodeJob[], areWhole: readonly boolean[]): void {
  expect(areWhole).toEqual(blocks.map(() => true));
  for (const [at, { target }] of done.entries()) expect(blocks[at]?.equals(target)).toBe(true);
}

describe('decoding blocks', () => {
  it('puts each where it belongs, without a thread', async () => {
    const { decodeTogether, expectToDecode } = await fresh();
    expectToDecode(size);
    const wanted = jobs();
    expect(new Set(wanted.map(({ block }) => block.encoding))).toEqual(new Set([1, 2]));
    expectAll(wanted, await decodeTogether(wanted));
    expect(started).toEqual([]);
  });

  it('does the same with one, and says which are damaged', async () => {
    const { decodeTogether, expectToDecode } = await fresh();
    expectToDecode(1 << 30);
    expectToDecode(1 << 30);
    expect(started).toHaveLength(1);
    const answers = await Promise.all(
      [1, 2, 3].map(async () => {
        const wanted = jobs();
        return [wanted, await decodeTogether(wanted)] as const;
      }),
    );
    for (const [wanted, areWhole] of answers) expectAll(wanted, areWhole);

    const wanted = jobs();
    const damaged = wanted.map(({ block, base, target }, at) => {
      const { encoding, stored, raw } = block;
      const rest = at % 3 === 0 ? stored.subarray(0, 99) : stored;
      return { block: { encoding, stored: rest, raw }, base, target };
    });
    expect(await decodeTogether(damaged)).toEqual(blocks.map((_, at) => at % 3 !== 0));
  });

  it('is done without the thread when that dies', async () => {
    const { decodeTogether, expectToDecode } = await fresh();
    expectToDecode(1 << 30);
    const wanted = jobs();
    const decoding = decodeTogether(wanted);
    await started[0]?.terminate();
    expectAll(wanted, await decoding);
    // And again, with nobody to ask; then a new one is there.
    const again = jobs();
    expectAll(again, await decodeTogether(again));
    expectToDecode(1 << 30);
    expect(started).toHaveLength(2);
  });
});
