import { l10n } from 'vscode';
import { compareVersions } from '../../core/compare.ts';
import { TrailError } from '../../core/errors.ts';
import type { ParamValue } from '../../core/facts.ts';
import { formatDelta, formatMetric } from '../../core/formatNumber.ts';
import { type Version, versionName, type WorkingCopy } from '../../core/versions.ts';
import type { Side, SideKey, SidePair, Sides, ValueRow } from '../../webview/diff/messages.ts';
import { workingText } from '../inspect/trailStrip.ts';
import { type OpenTrail, trailAt } from '../openTrail.ts';
import { fullTime, relativeTime } from '../text.ts';

/** One of two that are compared, with what the trail knows of it. */
export interface KnownSide {
  readonly trail: OpenTrail;
  readonly path: string;
  /** Absent for the working copy. */
  readonly version?: Version;
  readonly working?: WorkingCopy;
  /** What the working copy is, in words. */
  readonly state?: string;
  /** The version that it equals. */
  readonly same?: Version;
}

/** @throws TrailError `notFound` when the folder is no longer open, or the version no longer known */
export async function knownSide(trails: readonly OpenTrail[], key: SideKey): Promise<KnownSide> {
  const { root, model: path, version: id } = key;
  const trail = trailAt(trails, root);
  if (id === undefined) {
    const row = (await trail.models()).find((row) => row.path === path);
    const version = row?.working.version;
    const same = version === undefined ? undefined : await versionOf(trail, path, version);
    const state = row && workingText(row, same);
    return {
      trail,
      path,
      working: row?.working,
      state,
      same: row?.working.state === 'same' ? same : undefined,
    };
  }
  const version = await versionOf(trail, path, id);
  if (!version) throw new TrailError('notFound', l10n.t('There is no such version of {0}.', path));
  return { trail, path, version };
}

async function versionOf(trail: OpenTrail, path: string, id: string): Promise<Version | undefined> {
  try {
    return (await trail.api.resolve(`${path}@${id}`)).version;
  } catch (error) {
    // A pointer may be to what no version here is.
    if (TrailError.is(error, 'notFound')) return undefined;
    throw error;
  }
}

/** What is known of both without reading them. */
export function sidesOf(pair: SidePair, a: KnownSide, b: KnownSide): Sides {
  return {
    a: sideOf(pair.a, a),
    b: sideOf(pair.b, b),
    ...changedValues(a.version ?? a.same, b.version ?? b.same),
    stamp: JSON.stringify([pair, stampOf(a.working), stampOf(b.working)]),
  };
}

function sideOf(key: SideKey, { version, working, state = '' }: KnownSide): Side {
  const time = version?.time ?? working?.time ?? '';
  return {
    key,
    name: version ? versionName(version) : l10n.t('Working copy'),
    message: version ? version.message : state,
    age: time === '' ? '' : relativeTime(time, 'long'),
    time: time === '' ? '' : fullTime(time),
    tags: [...(version?.tags ?? [])],
    stage: version?.stage,
  };
}

/** A file that was not read yet is the same as long as the file system says so. */
function stampOf(working: WorkingCopy | undefined): unknown {
  return working && [working.state === 'missing', working.size, working.time];
}

/** What a file on disk scores is not known before it is recorded, so that is no change. */
function changedValues(
  a: Version | undefined,
  b: Version | undefined,
): { metrics: ValueRow[]; params: ValueRow[] } {
  if (!a || !b || (a.model === b.model && a.id === b.id)) return { metrics: [], params: [] };
  const { versions, metrics, params } = compareVersions([a, b], a);
  const [columnA, columnB] = [versions.indexOf(a), versions.indexOf(b)];
  const number = (value: number | undefined, apart: number) =>
    value === undefined ? undefined : formatMetric(value, apart);
  const param = (value: ParamValue | undefined) => (value === undefined ? undefined : String(value));
  return {
    metrics: metrics.flatMap(({ name, values, deltas, apart }) => {
      const delta = deltas[columnB];
      if (delta?.verdict === 'same') return [];
      return {
        name,
        a: number(values[columnA], apart),
        b: number(values[columnB], apart),
        delta: delta && formatDelta(delta.absolute),
        verdict: delta?.verdict,
      };
    }),
    params: params
      .filter(({ differs }) => differs)
      .map(({ name, values }) => ({ name, a: param(values[columnA]), b: param(values[columnB]) })),
  };
}
