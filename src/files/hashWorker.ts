import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { HashAnswer, HashQuestion } from './hashThread.ts';
import { HelperThread } from './helperThread.ts';

/** For less than this, starting a thread takes longer than hashing. */
const worthAThread = 8 << 20;

/** For less than this, one thread is enough. */
const worthTwo = 64 << 20;
/** From so many cores on, a second thread has one to itself: the others are the first one's, that of who asks, and the system's. */
const coresForTwo = 4;

let running: readonly HashWorker[] = [];

/** The threads that hash, if there are any. */
export function hashWorkers(): readonly HashWorker[] {
  return running.filter(({ isOver }) => !isOver);
}

/**
 * The thread that hashes streams, for one who has `size` bytes for it: undefined when they are not worth it. It takes a tenth of a second
 * to start. What has many bytes is worth another for their parts, where there are cores for it.
 */
export function hashWorkerFor(size: number): HashWorker | undefined {
  if (size < worthAThread) return undefined;
  const worthIt = size >= worthTwo && availableParallelism() >= coresForTwo ? 2 : 1;
  const workers = hashWorkers();
  const missing = Math.max(0, worthIt - workers.length);
  running = [...workers, ...Array.from({ length: missing }, () => new HashWorker())];
  return running[0];
}

/** A stream is hashed by the thread that it was opened with; of parts each may be hashed by another. */
export class HashWorker extends HelperThread<HashQuestion, HashAnswer> {
  readonly #streams = new Set<number>();

  constructor() {
    // esbuild replaces `import.meta.dirname` by the bundle's folder, where the thread's bundle lies beside.
    super('hash', path.join(import.meta.dirname, 'hashThread'));
  }

  openStream(): number {
    const stream = this.nextNumber();
    this.#streams.add(stream);
    return stream;
  }

  dropStream(stream: number): void {
    if (this.#streams.delete(stream)) this.send({ dropped: stream });
  }

  override ask(question: HashQuestion): Promise<HashAnswer> {
    return super.ask({ ...question, ...(question.bytes && { bytes: toSend(question.bytes) }) });
  }

  protected override isNeeded(): boolean {
    return this.#streams.size > 0;
  }
}

/** A view of a part would be sent with all that is around it, unless that is shared. */
function toSend(bytes: Uint8Array): Uint8Array {
  const { buffer } = bytes;
  return buffer instanceof SharedArrayBuffer || bytes.length === buffer.byteLength ? bytes : bytes.slice();
}
