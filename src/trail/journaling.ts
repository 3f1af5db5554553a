import type { Fact } from '../core/facts.ts';
import type { FactDraft } from '../journal/journal.ts';
import type { TrailContext } from './context.ts';

/** Writes a fact and counts it in at once. */
export async function append(context: TrailContext, draft: FactDraft): Promise<Fact> {
  const { name, fact } = await context.journal.append(draft);
  context.catalogue.addFacts([{ name, fact }]);
  return fact;
}
