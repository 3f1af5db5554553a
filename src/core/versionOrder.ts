import type { Version } from './versions.ts';

/** A version, and what tells when it came. */
export interface PlacedVersion {
  readonly version: Version;
  /** By what recorded versions are ordered; absent for what only Git knows. */
  readonly recorded?: string;
  /** When the first commit that holds it was made; absent for what Git does not know. */
  readonly committed?: string;
}

/**
 * Puts versions in one order, newest first. What Git knows is in the order of its commits, whatever their dates say: a rebase keeps the date
 * of a commit and puts it after others. What is only recorded comes after what was recorded before it, else where its time says.
 * @param inGit those that Git knows, by their first commits, oldest first
 * @param others those that are recorded only
 */
export function inOrder(inGit: readonly PlacedVersion[], others: readonly PlacedVersion[]): Version[] {
  const times = new Map<PlacedVersion, string>();
  let latest = '';
  for (const placed of inGit) times.set(placed, (latest = later(latest, firstTime(placed))));
  latest = '';
  const recorded = [...inGit, ...others].filter((placed) => placed.recorded !== undefined).sort(byRecord);
  for (const placed of recorded) {
    latest = later(latest, times.get(placed) ?? firstTime(placed));
    if (!times.has(placed)) times.set(placed, latest);
  }

  const waiting = others.toSorted(byRecord);
  const ordered: Version[] = [];
  for (const commit of inGit) {
    while (waiting[0] && isBefore(waiting[0], commit, times))
      ordered.push(...versionsOf(waiting.splice(0, 1)));
    ordered.push(commit.version);
  }
  return [...ordered, ...versionsOf(waiting)].reverse();
}

function versionsOf(placed: readonly PlacedVersion[]): Version[] {
  return placed.map(({ version }) => version);
}

function isBefore(a: PlacedVersion, b: PlacedVersion, times: ReadonlyMap<PlacedVersion, string>): boolean {
  const [timeOfA = '', timeOfB = ''] = [times.get(a), times.get(b)];
  if (timeOfA !== timeOfB) return timeOfA < timeOfB;
  return b.recorded !== undefined && byRecord(a, b) < 0;
}

function byRecord(a: PlacedVersion, b: PlacedVersion): number {
  const [orderOfA = '', orderOfB = ''] = [a.recorded, b.recorded];
  if (orderOfA !== orderOfB) return orderOfA < orderOfB ? -1 : 1;
  return (a.version.number ?? 0) - (b.version.number ?? 0);
}

function firstTime({ recorded, committed }: PlacedVersion): string {
  if (recorded === undefined || committed === undefined) return recorded ?? committed ?? '';
  return recorded < committed ? recorded : committed;
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
