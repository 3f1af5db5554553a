import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { hashParts } from './hashParts.ts';

/** What the thread behind `hashWorker.ts` can be asked, each told by a number. */
export interface HashRequest {
  readonly request: number;
  /** The stream that `bytes` continue; without bytes, its SHA-256 is wanted. */
  readonly stream?: number;
  readonly bytes?: Uint8Array;
  /** The bytes are of no stream: the SHA-256 of each part is wanted. */
  readonly ends?: readonly number[];
  /** The stream is not wanted any more; there is no answer. */
  readonly dropped?: boolean;
}

/** Answers come in the order of the requests. */
export interface HashAnswer {
  readonly request: number;
  /** In hexadecimal. */
  readonly digest?: string;
  readonly parts?: Uint8Array;
}

const streams = new Map<number, Hash>();

parentPort?.on('message', (request: HashRequest) => {
  if (request.dropped) streams.delete(request.stream ?? 0);
  else parentPort?.postMessage(answerTo(request));
});

function answerTo({ request, stream = 0, bytes, ends }: HashRequest): HashAnswer {
  if (bytes && ends) return { request, parts: hashParts(bytes, ends) };
  const hash = streams.get(stream) ?? createHash('sha256');
  streams.set(stream, hash);
  if (!bytes) return { request, digest: hash.digest('hex') };
  hash.update(bytes);
  return { request };
}
