import { parentPort } from 'node:worker_threads';
import type { Numbered } from '../files/helperThread.ts';
import { type StoredBlock, tryDecode } from './encoding.ts';

/** A block whose bytes are wanted in `target`. */
export interface DecodeJob {
  readonly block: StoredBlock;
  readonly base?: StoredBlock;
  /** In shared memory. */
  readonly target: Uint8Array;
}

export interface DecodeAnswer extends Numbered {
  /** False when the block is damaged. */
  readonly isWhole: boolean;
}

parentPort?.on('message', ({ request, block, base, target }: DecodeJob & Numbered) => {
  parentPort?.postMessage({ request, isWhole: tryDecode(block, target, base) } satisfies DecodeAnswer);
});
