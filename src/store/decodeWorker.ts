import path from 'node:path';
import { HelperThread } from '../files/helperThread.ts';
import { SharedWork } from '../files/sharedWork.ts';
import type { DecodeAnswer, DecodeJob } from './decodeThread.ts';
import { tryDecode } from './encoding.ts';

/** For less than this, starting a thread takes longer than decoding. */
const worthAThread = 16 << 20;

type DecodeWorker = HelperThread<DecodeJob, DecodeAnswer>;

/** One thread for the process. */
let running: DecodeWorker | undefined;

const decoding = new SharedWork<DecodeJob, boolean, DecodeWorker>({
  helpers: () => (running && !running.isOver ? [running] : []),
  ask: async (worker, job) => (await worker.ask(job)).isWhole,
  here: ({ block, base, target }) => tryDecode(block, target, base),
});

/** To be called before `size` bytes are decoded: a thread for that is started when they are worth it. */
export function expectToDecode(size: number): void {
  if (size < worthAThread || (running && !running.isOver)) return;
  // esbuild replaces `import.meta.dirname` by the bundle's folder, where the thread's bundle lies beside.
  running = new HelperThread('decode', path.join(import.meta.dirname, 'decodeThread'));
}

/**
 * Decodes blocks into their targets, by whoever has time. What they refer to is in use until it resolves.
 * @returns of each whether it is whole, in order
 * @throws TrailError `refused` where this Node cannot decode them
 */
export function decodeTogether(jobs: readonly DecodeJob[]): Promise<boolean[]> {
  return decoding.do(jobs);
}
