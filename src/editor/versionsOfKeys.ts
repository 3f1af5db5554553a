import type { Version } from '../core/versions.ts';
import type { VersionKey } from './checkedVersions.ts';
import type { Trails } from './roots.ts';

/** A version and the root of the trail that it is in. */
type RootedVersion = Version & { readonly root: string };

/** The versions that keys stand for; those that are no longer known are left out. */
export async function versionsOfKeys(trails: Trails, keys: readonly VersionKey[]): Promise<RootedVersion[]> {
  const found: RootedVersion[] = [];
  for (const { api, root } of await trails.open()) {
    const inTrail = keys.filter((key) => key.root === root);
    for (const model of new Set(inTrail.map((key) => key.model))) {
      const wanted = new Set(inTrail.filter((key) => key.model === model).map((key) => key.version));
      const { versions } = await api.versions(model, { offset: 0, limit: Number.MAX_SAFE_INTEGER });
      for (const version of versions) if (wanted.has(version.id)) found.push({ ...version, root });
    }
  }
  return found;
}
