import * as l10n from '@vscode/l10n';
import type { SummaryDraft } from '../summaryDraft.ts';
import type { Value } from './values.ts';

/** The file is sound as far as it was read, but holds more than is read of one. */
export class TooLarge extends Error {
  constructor() {
    super(l10n.t('The pickle holds more than is read of one: the rest is left out.'));
  }
}

/** Some seconds' worth. A hundred thousand tensors take four million. */
const maxInstructions = 20_000_000;
/** Roughly what the records take of memory, in bytes. */
const maxMemory = 128 * 2 ** 20;

export interface PickleImport {
  readonly module: string;
  readonly name: string;
  /** In the file, where it is there as it is. */
  readonly offset?: number;
}

/** What all pickles of one file add to: what they import, and what they cost. */
export class PickleRecord {
  readonly draft: SummaryDraft;
  readonly imports = new Map<string, PickleImport>();
  /** The ids of what is kept beside the pickles. */
  readonly persistent: Value[] = [];
  /** The highest of the file's pickles. */
  protocol = 0;
  #instructions = 0;
  #memory = 0;

  constructor(draft: SummaryDraft) {
    this.draft = draft;
  }

  import(entry: PickleImport): void {
    const key = `${entry.module}.${entry.name}`;
    if (!this.imports.has(key)) this.imports.set(key, entry);
  }

  countInstruction(): void {
    if (++this.#instructions > maxInstructions) throw new TooLarge();
  }

  /** To be called before memory is taken that lasts. */
  spend(bytes: number): void {
    this.#memory += bytes;
    if (this.#memory > maxMemory) throw new TooLarge();
  }
}
