import path from 'node:path';
import { TrailError } from '../../core/errors.ts';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import type { RenamedFile, RenameResult } from '../api/changes.ts';
import { check } from '../catalogue/workingCopies.ts';
import type { TrailContext } from '../context.ts';
import { append, supposing } from './journaling.ts';
import { recordedOf, requireMoved } from './renamable.ts';

/**
 * Says that the file of a model was renamed or moved, where Git does not see it: its history goes on under the new path, and that of the
 * files with the weights of an ONNX model that were moved with it. The file need not be one of the versions: a training may have gone on
 * there. Who names both paths knows that, no bytes are touched, and it can be undone.
 * @throws TrailError `usage`, `notFound`, `refused` where it makes no sense, and why
 */
export async function rename(
  context: TrailContext,
  from: ModelPath,
  to: ModelPath,
  operation: Operation,
): Promise<RenameResult> {
  if (context.catalogue.calledNow(from) === to) {
    const version = await versionThere(context, to, operation);
    return { from, to, version, externalData: [], externalDataProblems: [] };
  }
  await requireMoved(context, from, to);
  const externalData: RenamedFile[] = [];
  const externalDataProblems: string[] = [];
  for (const [before, after] of dataMovedWith(context, from, to)) {
    try {
      await requireMoved(context, before, after);
      externalData.push(await say(context, before, after, operation));
    } catch (error) {
      if (!TrailError.is(error, 'notFound', 'refused')) throw error;
      // One that nobody recorded, or that is not there, has nothing to go on with.
      if (error.code === 'refused') externalDataProblems.push(error.message);
    }
  }
  const together = externalData.flatMap(({ factId = [] }) => factId);
  const renamed = await say(context, from, to, operation, together.length > 0 ? together : undefined);
  return { ...renamed, externalData, externalDataProblems };
}

/** By their paths before and after, the files with the weights of a model that have another path where that is now. */
function dataMovedWith(
  { catalogue }: TrailContext,
  from: ModelPath,
  to: ModelPath,
): readonly (readonly [ModelPath, ModelPath])[] {
  const versions = recordedOf(catalogue, from);
  const names = new Set(versions.flatMap(({ externalData = {} }) => Object.keys(externalData)));
  const beside = (model: ModelPath, name: string): ModelPath =>
    path.posix.join(path.posix.dirname(model), name);
  return path.posix.dirname(from) === path.posix.dirname(to)
    ? []
    : [...names].map((name) => [beside(from, name), beside(to, name)]);
}

async function say(
  context: TrailContext,
  from: ModelPath,
  to: ModelPath,
  operation: Operation,
  together?: readonly string[],
): Promise<RenamedFile> {
  const draft = { kind: 'renamed', by: context.author, model: from, to, together } as const;
  const supposed = { ...context, catalogue: supposing(context, [draft]) };
  const version = await versionThere(supposed, to, operation);
  const { id: factId } = await append(context, { ...draft, version: version?.id });
  return { factId, from, to, version };
}

async function versionThere(
  context: TrailContext,
  model: ModelPath,
  operation: Operation,
): Promise<Version | undefined> {
  const { version } = await check(context, model, operation);
  return version === undefined ? undefined : context.catalogue.find({ model, version });
}
