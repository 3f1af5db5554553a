import { stat } from 'node:fs/promises';
import { systemCode } from '../core/errors.ts';
import type { ContentId, ModelPath } from '../core/facts.ts';
import { reserveNumber } from '../journal/numbers.ts';
import type { TrailContext } from './context.ts';
import { absolutePath } from './paths.ts';

/**
 * The n of `vN` for a content that is recorded for the first time. Where the file was only moved it is the one that the content has
 * already: for Git it is the same model once that is committed.
 */
export async function newNumber(context: TrailContext, model: ModelPath, id: ContentId): Promise<number> {
  const { catalogue, storeFolder } = context;
  const moved = context.git && catalogue.movedFrom(model, id);
  const lineage = moved !== undefined && (await isGone(absolutePath(context.root, moved))) ? moved : model;
  const facts = catalogue.factsOf(lineage);
  const given = facts?.versions.get(id)?.recorded?.number;
  return given ?? reserveNumber(storeFolder, catalogue.firstPathOf(lineage), id, facts?.numbers ?? new Set());
}

function isGone(file: string): Promise<boolean> {
  return stat(file).then(
    () => false,
    (error: unknown) => systemCode(error) === 'ENOENT',
  );
}
