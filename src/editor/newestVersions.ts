import type { VersionKey } from '../core/versionKey.ts';
import type { ModelRef } from './openTrail.ts';

/** So many of the newest versions of a model, as they are checked. */
export async function newestVersions({ trail, path }: ModelRef, limit: number): Promise<VersionKey[]> {
  const ids = await trail.api.versionIds(path);
  return ids.slice(0, limit).map((id) => ({ root: trail.root, model: path, version: id }));
}
