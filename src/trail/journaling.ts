import type { Author, Fact } from '../core/facts.ts';
import type { FactDraft } from '../journal/journal.ts';
import type { TrailContext } from './context.ts';

/** Writes a fact and counts it in at once, after all that was known of the model and that its author said before. */
export async function append(context: TrailContext, draft: FactDraft): Promise<Fact> {
  const { catalogue, journal } = context;
  const paths = new Set(catalogue.pathsOf(catalogue.nowCalled(draft.model)));
  const newest = catalogue.state.facts.findLast(
    (known) => paths.has(known.model) || isSameAuthor(known.by, draft.by),
  );
  const { name, fact } = await journal.append(draft, newest);
  catalogue.addFacts([{ name, fact }]);
  return fact;
}

export function isSameAuthor(a: Author, b: Author): boolean {
  return a.name === b.name && a.email === b.email;
}
