import { l10n } from 'vscode';
import { type ChangedValues, changedValues } from '../../core/changedValues.ts';
import { TrailError } from '../../core/errors.ts';
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

/** A pointer may be to what no version here is. */
function versionOf({ api }: OpenTrail, model: string, version: string): Promise<Version | undefined> {
  return api.version({ model, version });
}

/** What is known of both without reading them. */
export function sidesOf(pair: SidePair, a: KnownSide, b: KnownSide): Sides {
  return {
    a: sideOf(pair.a, a),
    b: sideOf(pair.b, b),
    ...valueRows(changedValues(a.version ?? a.same, b.version ?? b.same)),
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

function valueRows({ metrics, params }: ChangedValues): { metrics: ValueRow[]; params: ValueRow[] } {
  const text = (value: unknown) => (value === undefined ? undefined : String(value));
  return {
    metrics: metrics.map(({ name, a, b, delta, apart }) => {
      const number = (value: number | undefined) =>
        value === undefined ? undefined : formatMetric(value, apart);
      return {
        name,
        a: number(a),
        b: number(b),
        delta: delta && formatDelta(delta.absolute),
        verdict: delta?.verdict,
      };
    }),
    params: params.map(({ name, a, b }) => ({ name, a: text(a), b: text(b) })),
  };
}
