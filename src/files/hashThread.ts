import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { hashParts } from './hashParts.ts';

/** The other side of `streamHash.ts`: the SHA-256 of streams, each told by a number. */
export interface HashRequest {
  readonly stream: number;
  /** The next bytes of the stream; without them, its hash is wanted. */
  readonly bytes?: Uint8Array;
  /** The bytes are not of the stream: the hash of each part is wanted. */
  readonly ends?: readonly number[];
  /** The stream is not wanted any more. */
  readonly dropped?: boolean;
}

/** Answers come in the order of the requests; a dropped stream has none. */
export interface HashAnswer {
  readonly stream: number;
  readonly digest?: string;
  readonly parts?: Uint8Array;
}

const hashes = new Map<number, Hash>();

parentPort?.on('message', (request: HashRequest) => {
  if (request.dropped) hashes.delete(request.stream);
  else parentPort?.postMessage(answerTo(request));
});

function answerTo({ stream, bytes, ends }: HashRequest): HashAnswer {
  if (bytes && ends) return { stream, parts: hashParts(bytes, ends) };
  const hash = hashes.get(stream) ?? createHash('sha256');
  hashes.set(stream, hash);
  if (!bytes) return { stream, digest: hash.digest('hex') };
  hash.update(bytes);
  return { stream };
}
