import path from 'node:path';
import type { HashAnswer, HashQuestion } from './hashThread.ts';
import { HelperThread } from './helperThread.ts';

/** For less than this, starting a thread takes longer than hashing. */
const worthAThread = 8 << 20;

let running: HashWorker | undefined;

/** The thread that hashes, if there is one. */
export function hashWorker(): HashWorker | undefined {
  return running?.isOver ? undefined : running;
}

/** The thread that hashes, for one who has `size` bytes for it: undefined when they are not worth it. It takes a tenth of a second to start. */
export function hashWorkerFor(size: number): HashWorker | undefined {
  if (size < worthAThread) return undefined;
  return hashWorker() ?? (running = new HashWorker());
}

/** One thread for the process. */
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
