import { hashParts } from './hashParts.ts';
import { type HashWorker, hashWorkers } from './hashWorker.ts';
import { SharedWork } from './sharedWork.ts';

/** Hashed at a time: half a millisecond. */
const jobBytes = 1 << 20;

/** Parts that follow each other; their ends are counted from where `bytes` begins. */
interface Job {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
}

const hashing = new SharedWork<Job, Uint8Array, HashWorker>({
  helpers: hashWorkers,
  ask: async (worker, job) => (await worker.ask(job)).parts ?? hashParts(job.bytes, job.ends),
  here: ({ bytes, ends }) => hashParts(bytes, ends),
});

/**
 * Like `hashParts`, by whoever has time: the threads that hash, if there are any, and this one between its events. `bytes` are in use
 * until it resolves.
 */
export async function hashPartsTogether(bytes: Uint8Array, ends: readonly number[]): Promise<Buffer> {
  const jobs: Job[] = [];
  let from = 0;
  for (let first = 0; first < ends.length;) {
    let last = first;
    while (last + 1 < ends.length && ends[last + 1]! - from <= jobBytes) last++;
    const start = from;
    const own = ends.slice(first, last + 1).map((end) => end - start);
    jobs.push({ bytes: bytes.subarray(start, (from = ends[last]!)), ends: own });
    first = last + 1;
  }
  return Buffer.concat(await hashing.do(jobs));
}
