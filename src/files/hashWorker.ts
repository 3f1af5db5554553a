import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { HashAnswer, HashQuestion, HashRequest } from './hashThread.ts';

/** For less than this, starting a thread takes longer than hashing. */
const worthAThread = 8 << 20;
const idleMs = 10_000;

let running: HashWorker | undefined;

/** The thread that hashes, if there is one. */
export function hashWorker(): HashWorker | undefined {
  return running;
}

/** The thread that hashes, for one who has `size` bytes for it: undefined when they are not worth it. It takes a tenth of a second to start. */
export function hashWorkerFor(size: number): HashWorker | undefined {
  if (size < worthAThread) return undefined;
  return (running ??= new HashWorker());
}

interface Asked {
  resolve(answer: HashAnswer): void;
  reject(reason: Error): void;
}

/** One thread for the process. It ends when it has had nothing to do for a while, and never keeps the process alive by that. */
export class HashWorker {
  /** Called after each answer: it may have time for more. */
  onAnswer: () => void = () => {};
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  readonly #streams = new Set<number>();
  readonly #idle: NodeJS.Timeout;
  #last = 0;
  #error: Error | undefined;

  constructor() {
    this.#worker = new Worker(threadFile(), { name: 'modeltrail-hash' });
    this.#worker.on('message', (answer: HashAnswer) => {
      this.#settle(answer.request)?.resolve(answer);
      this.onAnswer();
    });
    this.#worker.on('error', (error) => this.#ended(error));
    this.#worker.on('exit', () => this.#ended(new Error('The thread that hashes has ended.')));
    this.#worker.unref();
    this.#idle = setTimeout(() => this.#endIfIdle(), idleMs).unref();
  }

  /** How many questions it has not answered. */
  get asked(): number {
    return this.#asked.size;
  }

  openStream(): number {
    const stream = ++this.#last;
    this.#streams.add(stream);
    return stream;
  }

  dropStream(stream: number): void {
    if (this.#streams.delete(stream)) this.#send({ dropped: stream });
  }

  /** @returns the answer; rejects when the thread ends before it, or could not start */
  ask(question: HashQuestion): Promise<HashAnswer> {
    if (this.#error) return Promise.reject(this.#error);
    const request = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#asked.set(request, { resolve, reject });
      this.#worker.ref();
      this.#send({ ...question, request, ...(question.bytes && { bytes: toSend(question.bytes) }) });
    });
  }

  #send(request: HashRequest): void {
    this.#worker.postMessage(request);
  }

  #settle(request: number): Asked | undefined {
    const asked = this.#asked.get(request);
    this.#asked.delete(request);
    if (this.#asked.size === 0) {
      this.#worker.unref();
      this.#idle.refresh();
    }
    return asked;
  }

  #endIfIdle(): void {
    if (this.#streams.size > 0 || this.#asked.size > 0) return void this.#idle.refresh();
    if (running === this) running = undefined;
    void this.#worker.terminate();
  }

  #ended(error: Error): void {
    if (running === this) running = undefined;
    this.#error ??= error;
    for (const request of this.#asked.keys()) this.#settle(request)?.reject(error);
    clearTimeout(this.#idle);
  }
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
