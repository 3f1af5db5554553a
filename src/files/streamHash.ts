import { createHash } from 'node:crypto';
import type { HashAnswer } from './hashThread.ts';
import { type HashWorker, hashWorkerFor } from './hashWorker.ts';

/** The SHA-256 of bytes that come one after the other. */
export interface StreamHash {
  /** Resolves when `bytes` are not needed any more. The next may be given before that. */
  update(bytes: Uint8Array): Promise<void>;
  /** In hexadecimal. */
  digest(): Promise<string>;
  /** To be called at the end, with or without a digest. */
  dispose(): void;
}

/**
 * Hashes on a thread of its own when `size` bytes are worth it, so that the caller can do something else with the same bytes
 * meanwhile. Bytes in shared memory are not copied.
 */
export function createStreamHash(size: number): StreamHash {
  const worker = hashWorkerFor(size);
  return worker ? new WorkerStream(worker) : hashHere();
}

function hashHere(): StreamHash {
  const hash = createHash('sha256');
  return {
    update: async (bytes) => void hash.update(bytes),
    digest: async () => hash.digest('hex'),
    dispose() {},
  };
}

interface Question {
  /** Without them, the SHA-256 is wanted. */
  readonly bytes?: Uint8Array;
}

class WorkerStream implements StreamHash {
  readonly #worker: HashWorker;
  readonly #stream: number;
  #answered = false;
  #here: StreamHash | undefined;

  constructor(worker: HashWorker) {
    this.#worker = worker;
    this.#stream = worker.openStream();
  }

  async update(bytes: Uint8Array): Promise<void> {
    await this.#ask({ bytes });
  }

  async digest(): Promise<string> {
    return (await this.#ask({})).digest ?? '';
  }

  dispose(): void {
    this.#worker.dropStream(this.#stream);
  }

  #ask(question: Question): Promise<Pick<HashAnswer, 'digest'>> {
    if (this.#here) return answerOf(this.#here, question);
    const answer = this.#worker.ask({ ...question, stream: this.#stream }).then(
      (given) => {
        this.#answered = true;
        return given;
      },
      (error: unknown) => {
        // Where no thread can be had, all is hashed here, in the order of asking; what a thread took with it is lost.
        if (this.#answered) throw error;
        return answerOf((this.#here ??= hashHere()), question);
      },
    );
    // Whoever stops early does not wait for it.
    answer.catch(() => {});
    return answer;
  }
}

async function answerOf(hash: StreamHash, { bytes }: Question): Promise<Pick<HashAnswer, 'digest'>> {
  if (!bytes) return { digest: await hash.digest() };
  await hash.update(bytes);
  return {};
}
