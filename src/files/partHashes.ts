import { hashParts } from './hashParts.ts';
import { type HashWorker, hashWorker } from './hashWorker.ts';

/** Hashed at a time: half a millisecond, for which this thread can be away. */
const jobBytes = 1 << 20;
/** The thread is given something while it is at something else, so that it never waits. */
const mostGiven = 2;

/** Parts that follow each other; their ends are counted from where `bytes` begins. */
interface Job {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
  resolve(hashes: Uint8Array): void;
}

/** What nobody has begun. */
const waiting: Job[] = [];
let isAtIt = false;

/**
 * Like `hashParts`, by whoever has time: the thread that hashes, if there is one, and this one between its events. `bytes` are in use
 * until it resolves.
 */
export async function hashPartsTogether(bytes: Uint8Array, ends: readonly number[]): Promise<Buffer> {
  const made: Promise<Uint8Array>[] = [];
  let from = 0;
  for (let first = 0; first < ends.length;) {
    let last = first;
    while (last + 1 < ends.length && ends[last + 1]! - from <= jobBytes) last++;
    const start = from;
    const own = ends.slice(first, last + 1).map((end) => end - start);
    const piece = bytes.subarray(start, (from = ends[last]!));
    made.push(new Promise((resolve) => waiting.push({ bytes: piece, ends: own, resolve })));
    first = last + 1;
  }
  give();
  take();
  return Buffer.concat(await Promise.all(made));
}

/** Gives the thread as much as it can do next. */
function give(): void {
  const worker = hashWorker();
  if (!worker) return;
  worker.onAnswer = give;
  while (worker.asked < mostGiven) {
    const job = waiting.shift();
    if (!job) return;
    void hashBy(worker, job);
  }
}

async function hashBy(worker: HashWorker, { bytes, ends, resolve }: Job): Promise<void> {
  // Should the thread end, or not start, it is done here.
  const answer = await worker.ask({ bytes, ends }).catch(() => undefined);
  resolve(answer?.parts ?? hashParts(bytes, ends));
}

/** Does the rest here, one at a time. */
function take(): void {
  if (isAtIt || waiting.length === 0) return;
  isAtIt = true;
  setImmediate(() => {
    isAtIt = false;
    const job = waiting.shift();
    job?.resolve(hashParts(job.bytes, job.ends));
    take();
  });
}
