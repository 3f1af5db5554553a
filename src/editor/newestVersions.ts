import type { VersionKey } from '../core/versionKey.ts';
import type { ModelRef } from './openTrail.ts';

/** So many of the newest versions of a model, as they are checked. */
export async function newestVersions({ trail, path }: ModelRef, limit: number): Promise<VersionKey[]> {
  const { versions } = await trail.api.versions(path, { offset: 0, limit });
  return versions.map(({ id }) => ({ root: trail.root, model: path, version: id }));
}
