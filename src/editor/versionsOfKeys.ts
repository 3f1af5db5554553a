import { oldestFirst } from '../core/oldestFirst.ts';
import type { VersionKey } from '../core/versionKey.ts';
import type { Version } from '../core/versions.ts';
import type { Trails } from './trails.ts';

/** A version and the root of the trail that it is in. */
export interface RootedVersion extends Version {
  /** The trail root, absolute. */
  readonly root: string;
}

/** The versions that keys stand for, oldest first; those that are no longer known are left out, and those of models that are not listed. */
export async function versionsOfKeys(trails: Trails, keys: readonly VersionKey[]): Promise<RootedVersion[]> {
  // Nothing is opened for nothing.
  if (keys.length === 0) return [];
  const models: RootedVersion[][] = [];
  for (const trail of await trails.open()) {
    const { api, root } = trail;
    const inTrail = keys.filter((key) => key.root === root);
    if (inTrail.length === 0) continue;
    for (const { path: model } of await trail.models()) {
      const wanted = new Set(inTrail.filter((key) => key.model === model).map((key) => key.version));
      if (wanted.size === 0) continue;
      const { versions } = await api.versions(model, { offset: 0, limit: Number.MAX_SAFE_INTEGER });
      const chosen: RootedVersion[] = [];
      for (const version of versions) if (wanted.has(version.id)) chosen.push({ ...version, root });
      models.push(chosen);
    }
  }
  return oldestFirst(models);
}
