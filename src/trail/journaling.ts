import { type Author, compareFacts, type Fact } from '../core/facts.ts';
import type { FactDraft, NamedFact } from '../journal/journal.ts';
import type { Catalogue } from './catalogue.ts';
import type { TrailContext } from './context.ts';

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
      const [known, last] = [newestBefore(catalogue, draft), written.at(-1)?.fact];
      const newest = known && last ? (compareFacts(known, last) > 0 ? known : last) : (known ?? last);
      written.push(await journal.append(stated(catalogue, draft), newest));
    }
  } finally {
    catalogue.addFacts(written);
  }
}

/** Where another model was at the path before, the fact says that it is not about that. */
function stated(catalogue: Catalogue, draft: FactDraft): FactDraft {
  return { ...draft, since: catalogue.lastDeparture(draft.model) };
}

function newestBefore(catalogue: Catalogue, { model, by }: FactDraft): Fact | undefined {
  const isAbout = (fact: Fact): boolean => fact.model === model || catalogue.modelOf(fact) === model;
  return catalogue.state.facts.findLast((known) => isSameAuthor(known.by, by) || isAbout(known));
}

export function isSameAuthor(a: Author, b: Author): boolean {
  return a.name === b.name && a.email === b.email;
}
