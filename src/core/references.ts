import type { ModelPath } from './facts.ts';
import type { CommitSighting, Version } from './versions.ts';

/**
 * A version as a person writes it: `v4`, a tag, a stage (`@production`), a prefix of the content's or a commit's hash, or a Git
 * revision; with the model in front where needed (`models/churn.onnx@v4`). A model alone is its working copy.
 */
export interface Reference {
  readonly model?: ModelPath;
  /** What is said of the version; undefined for the working copy. */
  readonly selector?: string;
}

/** Model paths may hold `@` themselves, so the split is at the last `@` that leaves a known model in front. */
export function parseReference(text: string, models: ReadonlySet<ModelPath>): Reference {
  if (models.has(text)) return { model: text };
  for (let at = text.lastIndexOf('@'); at > 0; at = text.lastIndexOf('@', at - 1)) {
    const model = text.slice(0, at);
    if (models.has(model)) return { model, selector: text.slice(at + 1) };
  }
  return { selector: text };
}

/** The shortest prefix of a hash that counts as one. */
const shortestPrefix = 4;

/** The versions that a selector may mean, Git revisions apart; the first kind of meaning that fits wins. */
export function matchVersions(selector: string, versions: readonly Version[]): Version[] {
  const numbered = /^v(\d+)$/i.exec(selector);
  if (numbered) {
    const found = versions.filter((version) => version.number === Number(numbered[1]));
    if (found.length > 0) return found;
  }
  const name = selector.startsWith('@') ? selector.slice(1) : selector;
  if (name === selector) {
    const tagged = versions.filter((version) => version.tags.includes(name));
    if (tagged.length > 0) return tagged;
  }
  const staged = versions.filter((version) => version.stage === name);
  if (staged.length > 0) return staged;
  if (!isHashPrefix(selector)) return [];
  const prefix = selector.toLowerCase();
  return versions.filter(
    (version) =>
      version.id.startsWith(prefix) ||
      version.sightings.some((sighting) => sighting.commit.startsWith(prefix)),
  );
}

function isHashPrefix(selector: string): boolean {
  return selector.length >= shortestPrefix && /^[0-9a-f]+$/i.test(selector);
}

/** Whether a selector can only mean a version that was recorded, by its number or hash: not a name that nobody gave yet. */
export function namesContent(selector: string): boolean {
  return /^v\d+$/i.test(selector) || isHashPrefix(selector);
}

/** The commit by whose hash a selector means a version, if it does. */
export function namedCommit(selector: string, version: Version): CommitSighting | undefined {
  if (matchVersions(selector, [{ ...version, sightings: [] }]).length > 0) return undefined;
  return version.sightings.find(({ commit }) => commit.startsWith(selector.toLowerCase()));
}

export type TagProblem = 'empty' | 'tooLong' | 'characters' | 'looksLikeNumber';

/** Why a name cannot be a tag, if it cannot: it must stay readable as a reference and legal as a Git ref. */
export function tagProblem(name: string): TagProblem | undefined {
  if (name === '') return 'empty';
  if (name.length > 100) return 'tooLong';
  // Git's rules for refs, and `@`, which separates the model from the version.
  if (!/^[\p{L}\p{N}._/+=-]+$/u.test(name) || /^[-./]|\.\.|\/\/|\/\.|[./]$|\.lock(\/|$)/.test(name))
    return 'characters';
  if (/^v\d+$/i.test(name)) return 'looksLikeNumber';
  return undefined;
}
