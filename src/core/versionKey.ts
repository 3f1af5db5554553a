import type { ContentId, ModelPath } from './facts.ts';

/** What names one version across all trails that are open. */
export interface VersionKey {
  /** The trail root, absolute. */
  readonly root: string;
  readonly model: ModelPath;
  readonly version: ContentId;
}

/** A version, or without one the working copy. */
export interface SideKey extends Omit<VersionKey, 'version'> {
  readonly version?: ContentId;
}

export function sameKey(a: SideKey, b: SideKey | undefined): boolean {
  return a.version === b?.version && a.model === b?.model && a.root === b.root;
}

/** Equal for what is named alike; of a model alone, what those of its versions begin with. */
export function keyText({ root, model, version }: SideKey): string {
  const text = `${root}|${model}`;
  return version === undefined ? text : `${text}|${version}`;
}
