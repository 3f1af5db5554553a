import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { hashParts } from './hashParts.ts';
import type { HashAnswer, HashRequest } from './hashThread.ts';

/** The SHA-256 of bytes that come one after the other. */
export interface StreamHash {
  /** Resolves when `bytes` are not needed any more. The next may be given before that. */
  update(bytes: Uint8Array): Promise<void>;
  /** In hexadecimal. */
  digest(): Promise<string>;
  /** Like the function of this name, wherever there is time for it: on the thread, or here. */
  hashParts(bytes: Uint8Array, ends: readonly number[]): Promise<Uint8Array>;
  /** To be called at the end, with or without a digest. */
  dispose(): void;
}

/** For less than this, starting a thread takes longer than hashing. */
const worthAThread = 8 << 20;
const idleMs = 10_000;
/** With more than this before it, the thread would come to something new later than we can do it ourselves. */
const mostAsked = 2;

/** For a file of `size` bytes that will soon be hashed: a thread takes a tenth of a second to start. */
export function expectStreamHash(size: number): void {
  if (size >= worthAThread) running ??= new HashThread();
}

/**
 * Hashes on a thread of its own when `size` bytes are worth it, so that the caller can do something else with the same bytes
 * meanwhile. Bytes in shared memory are not copied.
 */
export function createStreamHash(size: number): StreamHash {
  if (size < worthAThread) return hashHere();
  running ??= new HashThread();
  return running.stream();
}

function hashHere(): StreamHash {
  const hash = createHash('sha256');
  return {
    update: async (bytes) => void hash.update(bytes),
    digest: async () => hash.digest('hex'),
    hashParts: async (bytes, ends) => hashParts(bytes, ends),
    dispose() {},
  };
}

let running: HashThread | undefined;

/** One thread for all streams. It ends when it has had nothing to do for a while, and never keeps the process alive by that. */
class HashThread {
  readonly #worker: Worker;
  readonly #streams = new Map<number, ThreadStream>();
  #last = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor() {
    this.#worker = new Worker(threadFile(), { name: 'modeltrail-hash' });
    this.#worker.on('message', (answer: HashAnswer) => this.#streams.get(answer.stream)?.answered(answer));
    this.#worker.on('error', (error) => this.#ended(error));
    this.#worker.on('exit', () => this.#ended(new Error('The thread that hashes has ended.')));
    this.#rest();
  }

  stream(): StreamHash {
    const number = ++this.#last;
    const send = (request: Omit<HashRequest, 'stream'>): void =>
      this.#worker.postMessage({ stream: number, ...request } satisfies HashRequest);
    const stream = new ThreadStream(send, () => {
      if (!this.#streams.delete(number)) return;
      send({ dropped: true });
      if (this.#streams.size === 0) this.#rest();
    });
    this.#streams.set(number, stream);
    clearTimeout(this.#idle);
    this.#worker.ref();
    return stream;
  }

  #rest(): void {
    this.#worker.unref();
    this.#idle = setTimeout(() => {
      if (running === this) running = undefined;
      void this.#worker.terminate();
    }, idleMs).unref();
  }

  #ended(error: Error): void {
    if (running === this) running = undefined;
    for (const stream of this.#streams.values()) stream.abandoned(error);
    this.#streams.clear();
  }
}

type Question = Pick<HashRequest, 'bytes' | 'ends'>;

interface Asked {
  readonly question: Question;
  resolve(answer: Omit<HashAnswer, 'stream'>): void;
  reject(reason: Error): void;
}

class ThreadStream implements StreamHash {
  readonly #send: (request: Omit<HashRequest, 'stream'>) => void;
  readonly dispose: () => void;
  /** Asked and not answered yet, in order. */
  readonly #asked: Asked[] = [];
  #answered = false;
  #error: Error | undefined;
  #here: StreamHash | undefined;

  constructor(send: (request: Omit<HashRequest, 'stream'>) => void, dispose: () => void) {
    this.#send = send;
    this.dispose = dispose;
  }

  async update(bytes: Uint8Array): Promise<void> {
    await this.#ask({ bytes });
  }

  async digest(): Promise<string> {
    return (await this.#ask({})).digest ?? '';
  }

  async hashParts(bytes: Uint8Array, ends: readonly number[]): Promise<Uint8Array> {
    const isBusy = this.#asked.length > mostAsked;
    return (!isBusy && (await this.#ask({ bytes, ends })).parts) || hashParts(bytes, ends);
  }

  answered(answer: HashAnswer): void {
    this.#answered = true;
    this.#asked.shift()?.resolve(answer);
  }

  /** Where no thread can be had, what was asked is done here; what a thread took with it is lost. */
  abandoned(reason: Error): void {
    if (this.#answered) this.#error = reason;
    else this.#here = hashHere();
    for (const { question, resolve, reject } of this.#asked.splice(0)) {
      this.#ask(question).then(resolve, reject);
    }
  }

  #ask(question: Question): Promise<Omit<HashAnswer, 'stream'>> {
    if (this.#error) return Promise.reject(this.#error);
    if (this.#here) return answerOf(this.#here, question);
    const answer = new Promise<Omit<HashAnswer, 'stream'>>((resolve, reject) => {
      this.#asked.push({ question, resolve, reject });
    });
    // Whoever stops early does not wait for it.
    answer.catch(() => {});
    this.#send({ ...question, bytes: question.bytes && toSend(question.bytes) });
    return answer;
  }
}

async function answerOf(hash: StreamHash, { bytes, ends }: Question): Promise<Omit<HashAnswer, 'stream'>> {
  if (bytes && ends) return { parts: await hash.hashParts(bytes, ends) };
  if (!bytes) return { digest: await hash.digest() };
  await hash.update(bytes);
  return {};
}

/** A view of a part would be sent with all that is around it, unless that is shared. */
function toSend(bytes: Uint8Array): Uint8Array {
  const { buffer } = bytes;
  return buffer instanceof SharedArrayBuffer || bytes.length === buffer.byteLength ? bytes : bytes.slice();
}

/** esbuild replaces `import.meta.dirname` by the bundle's folder, where the thread's bundle lies beside. */
function threadFile(): string {
  const bundle = path.join(import.meta.dirname, 'hashThread.cjs');
  return existsSync(bundle) ? bundle : path.join(import.meta.dirname, 'hashThread.ts');
}
