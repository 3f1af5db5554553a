import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { hashParts } from './hashParts.ts';
import type { Numbered } from './helperThread.ts';

/** What the thread behind `hashWorker.ts` is asked. */
export type HashQuestion =
  /** The SHA-256 of each part of the bytes. */
  | { readonly bytes: Uint8Array; readonly ends: readonly number[] }
  /** The stream goes on with the bytes; without them, its SHA-256 is wanted. */
  | { readonly stream: number; readonly bytes?: Uint8Array };

/** A question, told by a number; or a stream that is not wanted any more, to which there is no answer. */
export type HashRequest = (HashQuestion & Numbered) | { readonly dropped: number };

/** Answers come in the order of the requests. */
export interface HashAnswer extends Numbered {
  /** In hexadecimal. */
  readonly digest?: string;
  readonly parts?: Uint8Array;
}

const streams = new Map<number, Hash>();

parentPort?.on('message', (message: HashRequest) => {
  if ('dropped' in message) streams.delete(message.dropped);
  else parentPort?.postMessage({ request: message.request, ...answerTo(message) } satisfies HashAnswer);
});

function answerTo(question: HashQuestion): Omit<HashAnswer, 'request'> {
  if ('ends' in question) return { parts: hashParts(question.bytes, question.ends) };
  const { stream, bytes } = question;
  const hash = streams.get(stream) ?? createHash('sha256');
  streams.set(stream, hash);
  if (!bytes) return { digest: hash.digest('hex') };
  hash.update(bytes);
  return {};
}
