import { posix } from 'node:path';
import type { ModelPath } from '../core/facts.ts';
import { ambiguousEndings } from '../core/defaultPatterns.ts';
import { anyOf, type PathTest } from '../core/globs.ts';
import { isOnlyMarker } from '../core/modelDirectories.ts';
import { type DirectoryScope, folderAt, topOf } from './directories.ts';
import type { TreeEntry, Trees } from './trees.ts';

/**
 * Of some paths those at which a commit has a model, as a walk through its files would find them; without those of which only the bytes
 * tell whether they are one.
 */
export async function modelsAt(
  trees: Trees,
  commit: string,
  paths: ReadonlySet<ModelPath>,
  scope: DirectoryScope,
): Promise<readonly ModelPath[]> {
  const included = anyOf(scope.patterns, { nocase: true });
  const parents = new Map<ModelPath, Parent>();
  const isModel = async (path: ModelPath): Promise<boolean> => {
    const folder = posix.dirname(path);
    let parent = parents.get(folder);
    if (!parent) parents.set(folder, (parent = await parentAt(trees, commit, folder, scope, included)));
    const kind = parent.kinds.get(posix.basename(path));
    if (kind === 'file') return !parent.isModel && isModelFile(path, included);
    return kind === 'folder' && (await folderAt(trees, commit, path, scope, included))?.isModel === true;
  };
  const found: ModelPath[] = [];
  for (const path of paths) if (await isModel(path)) found.push(path);
  return found;
}

interface Parent {
  readonly kinds: ReadonlyMap<string, TreeEntry['kind']>;
  readonly isModel: boolean;
}

async function parentAt(
  trees: Trees,
  commit: string,
  folder: ModelPath,
  scope: DirectoryScope,
  included: PathTest,
): Promise<Parent> {
  const { entries, isModel } =
    folder === '.'
      ? { entries: await trees.read(topOf(commit, scope.prefix)), isModel: false }
      : ((await folderAt(trees, commit, folder, scope, included)) ?? { entries: [], isModel: false });
  return { kinds: new Map(entries?.map(({ name, kind }) => [name, kind])), isModel };
}

function isModelFile(path: ModelPath, included: PathTest): boolean {
  const name = posix.basename(path);
  return (
    included(path) && !isOnlyMarker(name) && !ambiguousEndings.includes(posix.extname(name).toLowerCase())
  );
}
