import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { makeDirectory } from '../files/durable.ts';
import { systemError } from '../files/systemError.ts';

/** An entry of the journal, by name, and its text; without one it was let go. */
const copiedEntry = v.union([v.tuple([v.string(), v.string()]), v.tuple([v.string()])]);

/**
 * What was written to a journal on this machine, once more, outside of the working tree: what is not committed can be taken out of that, as
 * by `git clean`. A line of JSON for each entry, and for each that was let go.
 */
export class JournalCopy {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws TrailError `io` */
  add(name: string, text: string): Promise<void> {
    return this.#append([[name, text]]);
  }

  /** Takes entries out. @throws TrailError `io` */
  letGo(names: Iterable<string>): Promise<void> {
    return this.#append(Array.from(names, (name) => [name]));
  }

  /** The texts of the entries, by name; none where they cannot be read: the journal itself has them, as long as nobody takes them out. */
  async entries(): Promise<ReadonlyMap<string, string>> {
    const entries = new Map<string, string>();
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const [name, entry] = parseLine(line) ?? [];
      if (name === undefined) continue;
      if (entry === undefined) entries.delete(name);
      else entries.set(name, entry);
    }
    return entries;
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

/** Undefined for a line that was cut off. */
function parseLine(line: string): v.InferOutput<typeof copiedEntry> | undefined {
  try {
    const parsed = v.safeParse(copiedEntry, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
