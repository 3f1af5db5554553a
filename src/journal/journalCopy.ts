import { appendFile, open } from 'node:fs/promises';
import path from 'node:path';
import { makeDirectory } from '../files/durable.ts';
import { systemError } from '../files/systemError.ts';
import { parseFact } from './factFile.ts';
import { type CopiedFact, idIn } from './journal.ts';

/** The texts of entries, by their names. */
type Entries = Map<string, string>;

/**
 * What was written to journals on this machine, once more, outside of their working trees: what is not committed can be taken out of those,
 * as by `git clean`. All trails of a repository and its worktrees have one file, in which each entry is a line of JSON: the folder of the
 * trail in the repository, the entry's name, and its text; without that it was let go.
 */
export class JournalCopy {
  readonly #file: string;
  readonly #trail: string;
  /** What was read, up to `#end` of the file with this inode, by trail. */
  #known = new Map<string, Entries>();
  #end = 0;
  #inode: number | undefined;
  #reading: Promise<void> = Promise.resolve();

  /** @param trail its folder in the repository, as in `Git.prefix` */
  constructor(file: string, trail: string) {
    this.#file = file;
    this.#trail = trail;
  }

  /** @throws TrailError `io` */
  add(name: string, text: string): Promise<void> {
    return this.#append([[this.#trail, name, text]]);
  }

  /** Takes entries out. @throws TrailError `io` */
  letGo(names: readonly string[]): Promise<void> {
    return this.#append(names.map((name) => [this.#trail, name]));
  }

  /** Of the entries of the trail. */
  async names(): Promise<readonly string[]> {
    await this.#read();
    return [...(this.#known.get(this.#trail)?.keys() ?? [])];
  }

  /** Those of the trail that are wanted by name, oldest first. */
  async entries(isWanted: (name: string) => boolean): Promise<CopiedFact[]> {
    await this.#read();
    const wanted = [...(this.#known.get(this.#trail) ?? [])].filter(([name]) => isWanted(name));
    return wanted.sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, text]) => parseCopy(name, text) ?? []);
  }

  /** Those of the other trails that have the file, by trail. */
  async others(): Promise<ReadonlyMap<string, readonly CopiedFact[]>> {
    await this.#read();
    const others = [...this.#known].filter(([trail]) => trail !== this.#trail);
    return new Map(
      others.map(([trail, entries]) => [
        trail,
        [...entries].flatMap(([name, text]) => parseCopy(name, text) ?? []),
      ]),
    );
  }

  /** What cannot be read nobody misses as long as the journal has it. */
  #read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#readOn().catch(() => {}));
    return this.#reading;
  }

  /** Reads what came since it was read last. */
  async #readOn(): Promise<void> {
    const handle = await open(this.#file, 'r').catch(() => undefined);
    try {
      const { size = 0, ino } = (await handle?.stat()) ?? {};
      if (ino !== this.#inode || size < this.#end) [this.#known, this.#end] = [new Map<string, Entries>(), 0];
      this.#inode = ino;
      const bytes = Buffer.alloc(size - this.#end);
      const { bytesRead = 0 } = (await handle?.read(bytes, 0, bytes.length, this.#end)) ?? {};
      // The last line may not be whole yet.
      const length = bytes.subarray(0, bytesRead).lastIndexOf('\n') + 1;
      for (const line of bytes.toString('utf8', 0, length).split('\n')) this.#take(line);
      this.#end += length;
    } finally {
      await handle?.close();
    }
  }

  #take(line: string): void {
    const [trail, name, text] = parseLine(line);
    if (trail === undefined || name === undefined) return;
    const entries = this.#known.get(trail) ?? new Map<string, string>();
    this.#known.set(trail, entries);
    if (text === undefined) entries.delete(name);
    else entries.set(name, text);
  }

  async #append(lines: readonly (readonly string[])[]): Promise<void> {
    // What was cut off before, as by a full disk, is on a line of its own.
    const text = lines.map((line) => `\n${JSON.stringify(line)}\n`).join('');
    try {
      await makeDirectory(path.dirname(this.#file));
      await appendFile(this.#file, text);
    } catch (error) {
      throw systemError(error, this.#file);
    }
  }
}

/** Nothing of a line that was cut off, or is none of ours. */
function parseLine(line: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(line);
    return Array.isArray(parsed) && parsed.every((part) => typeof part === 'string') ? parsed : [];
  } catch {
    return [];
  }
}

/** Undefined for one that was written by a version that knows more. */
function parseCopy(name: string, text: string): CopiedFact | undefined {
  const id = idIn(name);
  if (id === undefined) return undefined;
  try {
    const fact = parseFact(id, text);
    return fact && { name, fact, text };
  } catch {
    return undefined;
  }
}
