import { compareFacts, type Fact, type ModelPath, type RenamedFact } from '../../core/facts.ts';
import type { CountingFact, TrailState } from '../../core/fold.ts';
import type { Departure } from '../../history/lineage.ts';

/** What Git knows of renames. */
export interface Departures {
  /** The commits that renamed what was at a path until then, oldest first. */
  departures(path: ModelPath): readonly Departure[];
  /** Where a commit is in the order of those that are known. */
  orderOf(commit: string): number | undefined;
}

/** And what the journal says of those that Git does not see. */
export interface Renames extends Departures {
  /** What was said of a path, in order. */
  said(path: ModelPath): readonly RenamedFact[];
}

/**
 * What the model that a fact is about is called now. What was said under a path before what was there was renamed is about what was
 * renamed; what was said later is about what came to the path then. So every fact is about one model. What the journal says is followed
 * first, each time by what was said after that; what is in Git is renamed there, and not in the journal any more.
 */
export function ownerOf(fact: Fact, renames: Renames): ModelPath {
  let last = fact;
  for (;;) {
    const { id, model } = last;
    const departure = candidates(last, renames).find((one) => isBefore(last, one, renames));
    // The fact that says so goes along with what was said before it.
    const renamed = renames.said(model).find((one) => one.id > id || one === last);
    if (!renamed || (departure && !isBefore(renamed, departure, renames)))
      return departure ? followed(departure, renames) : model;
    last = { ...renamed, model: renamed.to };
  }
}

function followed({ to, order }: Departure, renames: Departures): ModelPath {
  const next = renames.departures(to).find((departure) => departure.order > order);
  return next ? followed(next, renames) : to;
}

/** Facts by the models that they are about, in order. */
export function byOwner(
  factsOf: TrailState['factsOf'],
  renames: Renames,
): ReadonlyMap<ModelPath, readonly CountingFact[]> {
  const owned = new Map<ModelPath, readonly CountingFact[]>();
  for (const facts of factsOf.values()) {
    const owners = new Set(facts.map((fact) => ownerOf(fact, renames)));
    for (const model of owners) {
      const own = owners.size === 1 ? facts : facts.filter((fact) => ownerOf(fact, renames) === model);
      const others = owned.get(model);
      owned.set(model, others ? [...others, ...own].sort(compareFacts) : own);
    }
  }
  return owned;
}

/** Where history was rewritten, nobody knows the commit that a fact came after, but that it came after one. */
function candidates({ model, since }: Fact, renames: Departures): readonly Departure[] {
  const departures = renames.departures(model);
  return since === undefined || renames.orderOf(since) !== undefined ? departures : departures.slice(1);
}

/** By the commit that was checked out, if the fact tells; else by the clock. */
function isBefore(fact: Fact, departure: Departure, { orderOf }: Departures): boolean {
  const commits = [fact.since, fact.kind === 'recorded' ? fact.provenance?.commit : undefined];
  const orders = commits.flatMap((commit) => (commit === undefined ? [] : (orderOf(commit) ?? [])));
  if (orders.length > 0) return Math.max(...orders) < departure.order;
  return Date.parse(fact.time) < Date.parse(departure.time) + 1000;
}
