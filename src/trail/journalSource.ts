import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { JournalProblem } from '../journal/journal.ts';
import type { FactCache } from '../index/factCache.ts';
import type { Problem } from './api/models.ts';
import type { TrailContext } from './context.ts';
import { trailFolder } from './root.ts';

export interface JournalSource {
  /** Shows the facts that were read before. */
  showKnown(): void;
  /** @returns whether there was anything new */
  read(): Promise<boolean>;
  /** Reads all entries again, and can write those back of which is known what they said. */
  check(options: { readonly repair?: boolean }): Promise<JournalCheck>;
  /** The entries that could not be read the last time. */
  problems(): readonly Problem[];
  /** Those, and the entries of kinds that this version does not know: nobody knows what they say. */
  unread(): readonly Problem[];
}

export interface JournalCheck {
  readonly problems: readonly Problem[];
  /** Entries that were written back. */
  readonly restored: number;
}

/** The facts of the journal, from here or with Git. */
export function journalSource({ journal, catalogue }: TrailContext, factCache: FactCache): JournalSource {
  /** Entries of kinds that this version does not know: once is enough to see that. */
  const passedOver = new Set<string>();
  let problems: readonly Problem[] = [];

  const read = async (): Promise<boolean> => {
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
    const result = await journal.read(fresh);
    if (result.facts.length > 0) {
      catalogue.addFacts(result.facts);
      factCache.add(result.facts);
    }
    const told = new Set([...result.facts, ...result.problems].map(({ name }) => name));
    for (const name of fresh) if (!told.has(name)) passedOver.add(name);
    problems = result.problems.map(problemOf);
    return gone.length > 0 || result.facts.length > 0 || !isDeepStrictEqual(before, problems);
  };

  return {
    read,
    problems: () => problems,

    async check({ repair }) {
      await read();
      const found = await journal.read([...catalogue.factNames()]);
      const known = repair ? new Map(catalogue.state.facts.map((fact) => [fact.id, fact])) : undefined;
      const left: JournalProblem[] = [];
      for (const problem of found.problems) {
        const fact = known?.get(path.posix.basename(problem.name, '.json'));
        if (fact) await journal.restore({ name: problem.name, fact });
        else left.push(problem);
      }
      const restored = found.problems.length - left.length;
      return { problems: [...problems, ...left.map(problemOf)], restored };
    },

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
  };
}

function problemOf({ name, message }: JournalProblem): Problem {
  return { path: pathOf(name), message };
}

function pathOf(name: string): string {
  return `${trailFolder}/journal/${name}`;
}
