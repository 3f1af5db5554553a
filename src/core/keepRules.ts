import type { ContentId } from './facts.ts';
import { metricDirection } from './metricDirection.ts';
import type { Version } from './versions.ts';

/** Which recorded versions stay when space is freed: each that any of the rules keeps. */
export interface KeepRules {
  /** The newest so many of each model. */
  readonly last: number;
  /** Those recorded in the last so many days. */
  readonly days: number;
  readonly tagged: boolean;
  readonly staged: boolean;
  /** The best of each model by any metric of which the better way is known. */
  readonly best: boolean;
}

export const defaultKeepRules: KeepRules = { last: 10, days: 30, tagged: true, staged: true, best: true };

export type KeepReason =
  | { readonly kind: 'last' | 'recent' | 'tagged' | 'staged' }
  | { readonly kind: 'best'; readonly metric: string }
  /** The working copy is this version, or came from it. */
  | { readonly kind: 'inUse' }
  | HeldElsewhere;

/** What keeps a version though it is not said here. */
export type HeldElsewhere =
  | {
      readonly kind: 'taggedElsewhere' | 'stagedElsewhere';
      /** Of the tag or stage. */
      readonly name: string;
      readonly where: Place;
    }
  | { readonly kind: 'inUseElsewhere'; readonly where: Place }
  /** It cannot be read what somebody says who may need it. */
  | { readonly kind: 'unknown' };

/** A branch or tag of Git by its short name, or the folder of another trail. */
export type Place = { readonly ref: string } | { readonly folder: string };

export interface KeepDecision {
  readonly version: Version;
  /** Why it stays; none when its bytes would go. */
  readonly reasons: readonly KeepReason[];
}

const dayMs = 86_400_000;

/**
 * Decides for the recorded versions of one model, newest first, whose bytes are still kept.
 * @param inUse contents that must stay whatever the rules say
 * @param held what else is said of a content elsewhere, which is asked where nothing here keeps it
 */
export function applyKeepRules(
  versions: readonly Version[],
  rules: KeepRules,
  inUse: ReadonlySet<ContentId>,
  now: Date,
  held: (id: ContentId) => readonly HeldElsewhere[] = () => [],
): KeepDecision[] {
  const recorded = versions.filter((version) => version.number !== undefined && !version.forgotten);
  const best = rules.best ? bestByMetric(recorded) : new Map<ContentId, string>();
  return recorded.map((version, index) => {
    const reasons: KeepReason[] = [];
    if (inUse.has(version.id)) reasons.push({ kind: 'inUse' });
    if (index < rules.last) reasons.push({ kind: 'last' });
    if (now.getTime() - Date.parse(version.time) < rules.days * dayMs) reasons.push({ kind: 'recent' });
    if (rules.tagged && version.tags.length > 0) reasons.push({ kind: 'tagged' });
    if (rules.staged && version.stage !== undefined) reasons.push({ kind: 'staged' });
    const metric = best.get(version.id);
    if (metric !== undefined) reasons.push({ kind: 'best', metric });
    if (reasons.length === 0) reasons.push(...held(version.id).filter((reason) => isKept(reason, rules)));
    return { version, reasons };
  });
}

function isKept({ kind }: HeldElsewhere, { tagged, staged }: KeepRules): boolean {
  return kind === 'taggedElsewhere' ? tagged : kind === 'stagedElsewhere' ? staged : true;
}

/** For each content that is the best by a metric, one such metric. Of equals the newest counts, which comes first. */
function bestByMetric(versions: readonly Version[]): Map<ContentId, string> {
  const best = new Map<string, { readonly id: ContentId; readonly value: number }>();
  for (const { id, metrics } of versions) {
    for (const [metric, value] of Object.entries(metrics)) {
      const direction = metricDirection(metric);
      if (direction === 'unknown' || !Number.isFinite(value)) continue;
      const champion = best.get(metric);
      const wins = !champion || (direction === 'higher' ? value > champion.value : value < champion.value);
      if (wins) best.set(metric, { id, value });
    }
  }
  return new Map([...best].reverse().map(([metric, { id }]) => [id, metric]));
}
