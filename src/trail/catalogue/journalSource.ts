import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { Operation } from '../../core/operation.ts';
import type { JournalProblem } from '../../journal/journal.ts';
import type { FactCache } from '../../index/factCache.ts';
import type { Problem } from '../api/models.ts';
import type { TrailContext } from '../context.ts';
import { bringBack, lostEntries, lostProblem } from '../claims/lostEntries.ts';
import { trailFolder } from '../root.ts';

export interface JournalSource {
  /** Shows the facts that were read before. */
  showKnown(): void;
  /** @returns whether there was anything new */
  read(): Promise<boolean>;
  /** Reads all entries again and looks for lost ones, and can write those back of which is known what they said. */
  check(options: { readonly repair?: boolean }, operation: Pick<Operation, 'signal'>): Promise<JournalCheck>;
  /** The entries that could not be read the last time. */
  problems(): readonly Problem[];
  /** Those, and the entries of kinds that this version does not know: nobody knows what they say. */
  unread(): readonly Problem[];
}

export interface JournalCheck {
  readonly problems: readonly Problem[];
  /** Entries that were damaged or lost, and are written back. */
  readonly restored: number;
}

/** The facts of the journal, from here or with Git. */
export function journalSource(context: TrailContext, factCache: FactCache): JournalSource {
  const { journal, journalCopy, catalogue } = context;
  /** Entries of kinds that this version does not know: once is enough to see that. */
  const passedOver = new Set<string>();
  let problems: readonly JournalProblem[] = [];

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
    problems = result.problems;
    return gone.length > 0 || result.facts.length > 0 || !isDeepStrictEqual(before, problems);
  };

  /** Of what is damaged, the index or the copy may know what it said. @returns what nobody knows of */
  const writeBack = async (damaged: readonly JournalProblem[]): Promise<readonly JournalProblem[]> => {
    if (damaged.length === 0) return [];
    const names = new Set(damaged.map(({ name }) => name));
    const copied = new Map(
      (await journalCopy.entries((name) => names.has(name))).map((entry) => [entry.name, entry]),
    );
    const known = new Map(catalogue.state.facts.map((fact) => [fact.id, fact]));
    const left: JournalProblem[] = [];
    for (const problem of damaged) {
      const { name } = problem;
      const fact = known.get(path.posix.basename(name, '.json'));
      const entry = copied.get(name) ?? (fact && { name, fact });
      if (entry) await journal.restore(entry);
      else left.push(problem);
    }
    return left;
  };

  return {
    read,
    problems: () => problems.map(problemOf),

    async check({ repair }, operation) {
      await read();
      const returned = repair ? await bringBack(context, operation) : 0;
      const lost = repair ? undefined : await lostEntries(context, operation);
      const damaged = [...problems, ...(await journal.read([...catalogue.factNames()])).problems];
      const left = repair ? await writeBack(damaged) : damaged;
      const restored = returned + damaged.length - left.length;
      if (restored > 0) await read();
      return { problems: [...left.map(problemOf), ...(lost ? [lostProblem(lost)] : [])], restored };
    },

    unread: () => [
      ...problems.map(problemOf),
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
