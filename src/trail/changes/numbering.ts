import { stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../core/errors.ts';
import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { WorkingTreeState } from '../../history/workingTree.ts';
import { reserveNumber } from '../../journal/numbers.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath } from '../paths.ts';
import { nearestWith, trailFolder } from '../root.ts';

/**
 * The n of `vN` for a content that is recorded for the first time. Where the file was moved and nobody said so yet, the number goes on from
 * those it had: it is the same model once that is committed, or said.
 */
export async function newNumber(
  context: TrailContext,
  model: ModelPath,
  id: ContentId,
  inGit: WorkingTreeState | undefined,
): Promise<number> {
  const { catalogue, storeFolder } = context;
  const lineage = await movedFrom(context, inGit, model, id);
  const given = catalogue.factsOf(lineage)?.versions.get(id)?.recorded?.number;
  if (given !== undefined) return given;
  const first = catalogue.firstPathOf(lineage);
  return reserveNumber(storeFolder, placeInRepository(context), first, id, catalogue.numbersAround(lineage));
}

/** The model itself where it was not moved. */
async function movedFrom(
  { root, gitPrefix, catalogue }: TrailContext,
  inGit: WorkingTreeState | undefined,
  model: ModelPath,
  id: ContentId,
): Promise<ModelPath> {
  const staged = inGit && renamedFrom(inGit, gitPrefix, model);
  if (staged !== undefined) return staged;
  const moved = catalogue.gone.movedFrom(model, id);
  return moved !== undefined && (await isGone(absolutePath(root, moved))) ? moved : model;
}

/**
 * Tells apart the trails of a repository, which share a folder. It is the same in each worktree, and whether Git answers or not; nothing for
 * a trail that has its folder alone, also when Git comes later.
 */
function placeInRepository({ root, storeFolder }: Pick<TrailContext, 'root' | 'storeFolder'>): string {
  if (path.dirname(storeFolder) === path.join(root, trailFolder)) return '';
  return path.relative(nearestWith(root, '.git') ?? root, root).replaceAll(path.sep, '/');
}

/** What the index says; what is moved without it shows by its content. */
function renamedFrom({ renamed }: WorkingTreeState, prefix: string, model: ModelPath): ModelPath | undefined {
  const from = renamed.get(prefix + model);
  return from?.startsWith(prefix) ? from.slice(prefix.length) : undefined;
}

function isGone(file: string): Promise<boolean> {
  return stat(file).then(
    () => false,
    (error: unknown) => systemCode(error) === 'ENOENT',
  );
}
