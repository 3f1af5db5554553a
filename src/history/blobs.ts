import * as l10n from '@vscode/l10n';
import { isLost, messageOf, TrailError } from '../core/errors.ts';
import type { GitProgram } from './environment.ts';
import { type GitProcess, startGit } from './process.ts';

/** Git streams what is larger from a pack, and holds in memory what is not. */
const streamedFrom = 'core.bigFileThreshold=16m';

/**
 * Reads objects from one `git cat-file --batch`, started with the first request. Requests are answered one after the other; bytes are
 * taken from the pipe only as fast as they are used.
 */
export class BlobReader {
  readonly #git: GitProgram;
  readonly #signal: AbortSignal | undefined;
  #running: { readonly process: GitProcess; readonly output: Output } | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(git: GitProgram, signal?: AbortSignal) {
    this.#git = git;
    this.#signal = signal;
  }

  /**
   * The bytes of an object, named by its oid or as `<commit>:<path>` (no newline in it).
   * @throws TrailError `missingBytes` when it is not here, `damaged`, `cancelled`, `io`
   */
  async *read(object: string): AsyncGenerator<Uint8Array> {
    let release = (): void => {};
    const before = this.#turn;
    this.#turn = new Promise((resolve) => (release = resolve));
    await before;
    let whole = false;
    try {
      this.#running ??= this.#start();
      const { process, output } = this.#running;
      process.stdin.write(`${object}\n`);
      const header = await output.line();
      if (header === undefined) throw await this.#failure(object);
      const size = /^[0-9a-f]+ [a-z]+ (\d+)$/.exec(header)?.[1];
      if (size === undefined) {
        whole = true;
        throw missing(object);
      }
      for (let left = Number(size); left > 0;) {
        const chunk = await output.chunk(left);
        if (!chunk) throw await this.#failure(object);
        left -= chunk.length;
        yield chunk;
      }
      await output.chunk(1);
      whole = true;
    } finally {
      // What was not taken of an object would be read as the answer to the next request.
      if (!whole) this.dispose();
      release();
    }
  }

  /** A small object as a whole; undefined when it is not here or larger than `limit` bytes. */
  async small(object: string, limit: number): Promise<Buffer | undefined> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of this.read(object)) {
        size += chunk.length;
        if (size > limit) return undefined;
        chunks.push(chunk);
      }
    } catch (error) {
      if (isLost(error)) return undefined;
      throw error;
    }
    return Buffer.concat(chunks);
  }

  /** Ends the process; a later request starts another. */
  dispose(): void {
    this.#running?.process.kill();
    this.#running = undefined;
  }

  #start(): { process: GitProcess; output: Output } {
    const process = startGit(this.#git, ['-c', streamedFrom, 'cat-file', '--batch'], {
      signal: this.#signal,
    });
    return { process, output: new Output(process.stdout) };
  }

  /** Why the process ended in the middle of a request. */
  async #failure(object: string): Promise<TrailError> {
    try {
      await this.#running?.process.ended;
      return new TrailError('io', l10n.t('Git ended before it had answered.'));
    } catch (error) {
      if (TrailError.is(error, 'cancelled')) return error;
      const message = messageOf(error);
      // In a partial clone Git dies of an object that it may not fetch, where elsewhere it would call it missing.
      if (message.includes('promisor remote')) return missing(object);
      if (!TrailError.is(error)) return new TrailError('io', message, { cause: error });
      return new TrailError('damaged', l10n.t('Git cannot read the object {0}. {1}', object, message), {
        cause: error,
      });
    }
  }
}

function missing(object: string): TrailError {
  return new TrailError('missingBytes', l10n.t('The Git object {0} is not on this machine.', object));
}

/** Output taken in lines and in chunks of bytes. */
class Output {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Without its end; undefined at the end of the output. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(0x0a);
      if (end !== -1) {
        const line = this.#rest.toString('utf8', 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      const more = await this.#next();
      if (!more) return undefined;
      this.#rest = Buffer.concat([this.#rest, more]);
    }
  }

  /** What there is, at most `limit` bytes and at least one; undefined at the end of the output. */
  async chunk(limit: number): Promise<Buffer | undefined> {
    if (this.#rest.length === 0) {
      const more = await this.#next();
      if (!more) return undefined;
      this.#rest = more;
    }
    const chunk = this.#rest.subarray(0, limit);
    this.#rest = this.#rest.subarray(chunk.length);
    return chunk;
  }

  async #next(): Promise<Buffer | undefined> {
    try {
      const next = await this.#chunks.next();
      return next.done ? undefined : next.value;
    } catch {
      // A killed process's pipe breaks; its `ended` tells why.
      return undefined;
    }
  }
}
