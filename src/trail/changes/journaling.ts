import { type Author, compareFacts, type Fact } from '../../core/facts.ts';
import type { FactDraft, NamedFact } from '../../journal/journal.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { TrailContext } from '../context.ts';

/** Writes a fact and counts it in at once, after all that was known of the model and that its author said before. */
export async function append(context: TrailContext, draft: FactDraft): Promise<Fact> {
  const { catalogue, journal } = context;
  const { name, fact } = await journal.append(stated(catalogue, draft), newestBefore(catalogue, draft));
  catalogue.addFacts([{ name, fact }]);
  return fact;
}

/** The same for many: all that is known is added up anew whenever something is counted in, so that is done once. */
export async function appendAll(
  { catalogue, journal }: TrailContext,
  drafts: readonly FactDraft[],
): Promise<void> {
  const written: NamedFact[] = [];
  try {
    for (const draft of drafts) {
      const newest = newestBefore(catalogue, draft, written.at(-1)?.fact);
      written.push(await journal.append(stated(catalogue, draft), newest));
    }
  } finally {
    catalogue.addFacts(written);
  }
}

/** What would be known if facts were written, and none is. */
export function supposing({ catalogue, journal }: TrailContext, drafts: readonly FactDraft[]): Catalogue {
  const supposed: NamedFact[] = [];
  for (const draft of drafts) {
    const newest = newestBefore(catalogue, draft, supposed.at(-1)?.fact);
    supposed.push(journal.stamped(stated(catalogue, draft), newest));
  }
  return catalogue.supposing(supposed);
}

/** Where another model was at the path before, the fact says that it is not about that. */
function stated(catalogue: Catalogue, draft: FactDraft): FactDraft {
  const paths = draft.kind === 'renamed' ? [draft.model, draft.to] : [draft.model];
  return { ...draft, since: catalogue.lastDeparture(...paths) };
}

/** @param last what was just said, and is not counted in yet */
function newestBefore(catalogue: Catalogue, { model, by }: FactDraft, last?: Fact): Fact | undefined {
  const isAbout = (fact: Fact): boolean => fact.model === model || catalogue.modelOf(fact) === model;
  const known = catalogue.state.facts.findLast((fact) => isSameAuthor(fact.by, by) || isAbout(fact));
  return known && last && compareFacts(known, last) < 0 ? last : (known ?? last);
}

export function isSameAuthor(a: Author, b: Author): boolean {
  return a.name === b.name && a.email === b.email;
}
