import { lstat } from 'node:fs/promises';
import type { ModelPath } from '../../core/facts.ts';
import { systemCode } from '../../core/errors.ts';
import { anyOf, type PathTest } from '../../core/globs.ts';
import { mapBounded } from '../../files/mapBounded.ts';
import { absolutePath } from '../paths.ts';
import type { TrailContext } from '../context.ts';

const atOnce = 32;

/**
 * Finds out which of the models that Git has checked out have no file any more: like a recorded one, such a model stays, as its versions
 * do. What is not to be looked into is not missed either.
 * @returns whether they are others than before
 */
export async function findDeleted({ root, settings, catalogue }: TrailContext): Promise<boolean> {
  const unfound = catalogue.tracked.filter((model) => !catalogue.isFound(model));
  if (unfound.length === 0) return catalogue.setDeleted([]);
  const excluded = anyOf(settings.exclude, { nocase: true });
  const missed = unfound.filter((model) => !isExcluded(model, excluded));
  const deleted = await mapBounded(missed, atOnce, async (model) => {
    try {
      await lstat(absolutePath(root, model));
    } catch (error) {
      return ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '') ? [model] : [];
    }
    return [];
  });
  return catalogue.setDeleted(deleted.flat());
}

function isExcluded(model: ModelPath, excluded: PathTest): boolean {
  const names = model.split('/');
  return names.some((_, index) => excluded(names.slice(0, index + 1).join('/')));
}
