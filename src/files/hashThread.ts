import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** The other side of `streamHash.ts`: the SHA-256 of streams, each told by a number. */
export interface HashRequest {
  readonly stream: number;
  /** The next bytes of the stream; without them, its hash is wanted. */
  readonly bytes?: Uint8Array;
  /** The stream is not wanted any more. */
  readonly dropped?: boolean;
}

/** Answers come in the order of the requests; a dropped stream has none. */
export interface HashAnswer {
  readonly stream: number;
  readonly digest?: string;
}

const hashes = new Map<number, Hash>();

parentPort?.on('message', ({ stream, bytes, dropped }: HashRequest) => {
  if (dropped) {
    hashes.delete(stream);
    return;
  }
  const hash = hashes.get(stream) ?? createHash('sha256');
  hashes.set(stream, hash);
  if (bytes) hash.update(bytes);
  else hashes.delete(stream);
  const answer: HashAnswer = { stream, digest: bytes ? undefined : hash.digest('hex') };
  parentPort?.postMessage(answer);
});
