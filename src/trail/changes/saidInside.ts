import { TrailError } from '../../core/errors.ts';
import type { ModelPath, ParamValue } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { TrailContext } from '../context.ts';
import { openContent } from '../reading/openContent.ts';
import { openModel } from '../reading/openModels.ts';
import type { KeptCopy } from './keeping.ts';

export interface KeptModel {
  readonly model: ModelPath;
  readonly kept: KeptCopy;
}

/**
 * The settings and notes in a working copy, by name: nothing where it cannot be read, or was written again since it was kept.
 * @throws TrailError `cancelled`
 */
export async function saidInside(
  context: TrailContext,
  { model, kept }: KeptModel,
  operation: Operation,
): Promise<ReadonlyMap<string, ParamValue>> {
  try {
    const opened = await openModel(await openContent(context, { model }, operation), operation);
    await opened.close();
    const { metadata, hyperparameters } = opened.summary;
    return opened.id === kept.id ? new Map([...hyperparameters, ...metadata]) : new Map();
  } catch (error) {
    if (!TrailError.is(error) || error.code === 'cancelled') throw error;
    return new Map();
  }
}
