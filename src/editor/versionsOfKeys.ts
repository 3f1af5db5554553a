import type { ContentId, ModelPath } from '../core/facts.ts';
import { groupBy } from '../core/groupBy.ts';
import { oldestFirst } from '../core/oldestFirst.ts';
import type { VersionKey } from '../core/versionKey.ts';
import type { Version } from '../core/versions.ts';
import type { OpenTrail } from './openTrail.ts';
import type { Trails } from './trails.ts';

/** A version and the root of the trail that it is in. */
export interface RootedVersion extends Version {
  /** The trail root, absolute. */
  readonly root: string;
}

/** The versions that keys stand for, oldest first; those that are no longer known are left out, and those of models that are not listed. */
export async function versionsOfKeys(trails: Trails, keys: readonly VersionKey[]): Promise<RootedVersion[]> {
  const models: RootedVersion[][] = [];
  for (const { trail, model, wanted } of await wantedOf(trails, keys)) {
    const { api, root } = trail;
    const { versions } = await api.versions(model, { offset: 0, limit: Number.MAX_SAFE_INTEGER });
    const chosen: RootedVersion[] = [];
    for (const version of versions) if (wanted.has(version.id)) chosen.push({ ...version, root });
    models.push(chosen);
  }
  return oldestFirst(models);
}

/** How many of the keys stand for such a version. */
export async function countKnown(trails: Trails, keys: readonly VersionKey[]): Promise<number> {
  let count = 0;
  for (const { trail, model, wanted } of await wantedOf(trails, keys)) {
    const ids = await trail.api.versionIds(model);
    count += ids.filter((id) => wanted.has(id)).length;
  }
  return count;
}

interface Wanted {
  readonly trail: OpenTrail;
  readonly model: ModelPath;
  readonly wanted: ReadonlySet<ContentId>;
}

/** What is asked for of each model that is listed. */
async function wantedOf(trails: Trails, keys: readonly VersionKey[]): Promise<Wanted[]> {
  // Nothing is opened for nothing.
  if (keys.length === 0) return [];
  const found: Wanted[] = [];
  for (const trail of await trails.open()) {
    const ofModels = groupBy(
      keys.filter(({ root }) => root === trail.root),
      ({ model }) => model,
    );
    if (ofModels.size === 0) continue;
    for (const { path: model } of await trail.models()) {
      const wanted = ofModels.get(model);
      if (wanted) found.push({ trail, model, wanted: new Set(wanted.map(({ version }) => version)) });
    }
  }
  return found;
}
