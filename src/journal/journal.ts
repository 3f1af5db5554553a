import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { decodeTime, monotonicFactory } from 'ulid';
import { messageOf, TrailError } from '../core/errors.ts';
import { compareFacts, type Fact } from '../core/facts.ts';
import { mapBounded } from '../files/mapBounded.ts';
import { createDurably, writeDurably } from '../files/safeWrite.ts';
import { systemError } from '../files/systemError.ts';
import { formatFact, maxFactBytes, parseFact } from './factFile.ts';

type WithoutStamp<F> = F extends Fact ? Omit<F, 'id' | 'time'> : never;
/** A fact before the journal gives it its id and its time. */
export type FactDraft = WithoutStamp<Fact>;

export interface NamedFact {
  /** The file in the journal, such as `2026-11/01KAH….json`. */
  readonly name: string;
  readonly fact: Fact;
}
export interface CopiedFact extends NamedFact {
  /** Of its file, as it was written. */
  readonly text: string;
}
export interface JournalProblem {
  readonly name: string;
  readonly message: string;
}

const factName = /^\d{4}-\d\d\/([0-7][0-9A-HJKMNP-TV-Z]{25})\.json$/;
/** That an id can have, in milliseconds. */
const lastTime = 2 ** 48 - 1;
/** Files read at a time. */
const breadth = 32;

export interface JournalOptions {
  /** With a clock given, ids depend on it alone: for examples that are the same every time. */
  readonly now?: () => Date;
  /** Has what is written here once more. */
  readonly copy?: { add(name: string, text: string): Promise<void> };
}

/** Facts on disk, one file each, never changed or removed. So nobody waits for anybody, and Git can merge them. */
export class Journal {
  readonly #directory: string;
  readonly #copy: JournalOptions['copy'];
  readonly #now: () => Date;
  /** Rises even within a millisecond and when the clock is set back. */
  readonly #nextId: (time: number) => string;

  constructor(directory: string, { now, copy }: JournalOptions = {}) {
    this.#directory = directory;
    this.#copy = copy;
    this.#now = now ?? (() => new Date());
    this.#nextId = now ? monotonicFactory(() => 0) : monotonicFactory();
  }

  /** The names of all facts, oldest first. @throws TrailError `io` */
  async list(): Promise<string[]> {
    const names: string[] = [];
    for (const month of await entriesOf(this.#directory)) {
      if (!month.isDirectory() || !/^\d{4}-\d\d$/.test(month.name)) continue;
      for (const entry of await entriesOf(path.join(this.#directory, month.name))) {
        const name = `${month.name}/${entry.name}`;
        // Only plain files: opening a pipe would wait for ever.
        if (entry.isFile() && factName.test(name)) names.push(name);
      }
    }
    return names.sort();
  }

  /** A file that cannot be read or understood is a problem and is left as it is; one of an unknown kind is passed over. */
  async read(names: readonly string[]): Promise<{ facts: NamedFact[]; problems: JournalProblem[] }> {
    const facts: NamedFact[] = [];
    const problems: JournalProblem[] = [];
    const results = await mapBounded(names, breadth, (name) =>
      this.#readOne(name).catch((error: unknown) => ({ problem: messageOf(error) })),
    );
    for (const [index, result] of results.entries()) {
      const name = names[index] ?? '';
      if (result && 'problem' in result) problems.push({ name, message: result.problem });
      else if (result) facts.push({ name, fact: result });
    }
    return { facts, problems };
  }

  /**
   * Writes a fact; it is on the disk when this resolves.
   * @param newest what it has to count after, even where a clock that was ahead dated that
   * @throws TrailError `usage` when it could not be read again; `io`
   */
  async append(draft: FactDraft, newest?: Fact): Promise<NamedFact> {
    for (;;) {
      const named = this.stamped(draft, newest);
      const text = formatFact(named.fact);
      if (!(await createDurably(path.join(this.#directory, named.name), text))) continue;
      // It is said by now: that it has no copy does not make it fail.
      await this.#copy?.add(named.name, text).catch(() => {});
      return named;
    }
  }

  /** A fact as it would be written now, and nothing is. */
  stamped(draft: FactDraft, newest?: Fact): NamedFact {
    const stamp = this.#stamp(newest);
    return { name: `${stamp.time.slice(0, 7)}/${stamp.id}.json`, fact: { ...stamp, ...draft } };
  }

  /** Writes a fact again whose file is damaged or gone; it is on the disk when this resolves. @throws TrailError `io` */
  async restore({ name, fact, text = formatFact(fact) }: NamedFact & Partial<CopiedFact>): Promise<void> {
    await writeDurably(path.join(this.#directory, name), text);
  }

  #stamp(newest: Fact | undefined): Pick<Fact, 'id' | 'time'> {
    const now = this.#now();
    const time = now.toISOString();
    const stamp = { id: this.#nextId(now.getTime()), time };
    if (!newest || compareFacts(stamp, newest) > 0) return stamp;
    return { id: this.#nextId(Math.min(decodeTime(newest.id) + 1, lastTime)), time };
  }

  async #readOne(name: string): Promise<Fact | undefined> {
    const id = idIn(name);
    if (id === undefined) return undefined;
    const file = path.join(this.#directory, name);
    const text = await readText(file).catch((error: unknown) => {
      const problem = systemError(error, file);
      // Git may have switched to a branch without it since it was listed.
      if (problem.code === 'notFound') return undefined;
      throw problem;
    });
    return text === undefined ? undefined : parseFact(id, text);
  }
}

/** The id of a fact by the name of its file; undefined for what is no such name. */
export function idIn(name: string): string | undefined {
  return factName.exec(name)?.[1];
}

async function readText(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > maxFactBytes) {
      throw new TrailError('damaged', l10n.t('Not a valid entry: it is larger than 1 MB.'));
    }
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

async function entriesOf(directory: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    const problem = systemError(error, directory);
    if (problem.code === 'notFound') return [];
    throw problem;
  }
}
