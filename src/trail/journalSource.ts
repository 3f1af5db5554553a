import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { FactCache } from '../index/factCache.ts';
import type { Problem } from './api/models.ts';
import type { TrailContext } from './context.ts';
import { trailFolder } from './root.ts';

export interface JournalSource {
  /** Shows the facts that were read before. */
  showKnown(): void;
  /** @returns whether there was anything new */
  read(): Promise<boolean>;
  /** The entries that could not be read the last time. */
  problems(): readonly Problem[];
  /** Those, and the entries of kinds that this version does not know: nobody knows what they say. */
  unread(): readonly Problem[];
}

/** The facts of the journal, from here or with Git. */
export function journalSource({ journal, catalogue }: TrailContext, factCache: FactCache): JournalSource {
  /** Entries of kinds that this version does not know: once is enough to see that. */
  const passedOver = new Set<string>();
  let problems: readonly Problem[] = [];

  return {
    problems: () => problems,

    unread: () => [
      ...problems,
      ...[...passedOver].map((name) => ({
        path: pathOf(name),
        message: l10n.t('This version of Modeltrail does not know what that entry is. Update to read it.'),
      })),
    ],

    showKnown() {
      catalogue.addFacts([...factCache.all()].map(([name, fact]) => ({ name, fact })));
    },

    async read() {
      const names = new Set(await journal.list());
      const gone = [...catalogue.factNames()].filter((name) => !names.has(name));
      if (gone.length > 0) {
        catalogue.removeFacts(gone);
        factCache.remove(gone);
      }
      for (const name of passedOver) if (!names.has(name)) passedOver.delete(name);
      const fresh = [...names].filter((name) => !catalogue.hasFact(name) && !passedOver.has(name));
      if (fresh.length === 0 && problems.length === 0) return gone.length > 0;
      const before = problems;
      const read = await journal.read(fresh);
      if (read.facts.length > 0) {
        catalogue.addFacts(read.facts);
        factCache.add(read.facts);
      }
      const told = new Set([...read.facts, ...read.problems].map(({ name }) => name));
      for (const name of fresh) if (!told.has(name)) passedOver.add(name);
      problems = read.problems.map(({ name, message }) => ({
        path: pathOf(name),
        message,
      }));
      return gone.length > 0 || read.facts.length > 0 || !isDeepStrictEqual(before, problems);
    },
  };
}

function pathOf(name: string): string {
  return `${trailFolder}/journal/${name}`;
}
