import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { unattended } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { displayNames } from '../../formats/displayText.ts';
import type { TrailContext } from '../context.ts';
import { append } from './journaling.ts';
import { putBack, type Replaced } from './puttingBack.ts';

/** A file that was put in place by a rollback of several. */
export interface PutFile extends Replaced {
  /** Of the fact about it; absent where it could not be written. */
  readonly factId?: string;
}

/**
 * Puts back what a rollback of several files replaced before it failed, so that none of a model is left at another version than the rest.
 * @param files in the order in which they were put
 * @returns what to throw: the error itself, or one that names the files that could not be put back
 */
export async function takeBack(
  context: TrailContext,
  version: Version,
  files: readonly PutFile[],
  error: unknown,
): Promise<unknown> {
  const left: PutFile[] = [];
  for (const file of files.toReversed()) {
    try {
      // Whoever cancelled the rollback wants this.
      await putBack(context, file, unattended);
      if (file.factId === undefined) continue;
      await append(context, { kind: 'undone', by: context.author, model: file.model, undoes: file.factId });
    } catch {
      left.push(file);
    }
  }
  return left.length === 0 ? error : halfway(version, left, error);
}

/** Without the words of the error, which may be that nothing was changed. */
function halfway(version: Version, left: readonly PutFile[], cause: unknown): TrailError {
  const code = cause instanceof TrailError ? cause.code : 'io';
  const files = displayNames(left.map(({ model }) => model));
  const undoable = left.flatMap(({ factId }) => (factId === undefined ? [] : [`modeltrail undo ${factId}`]));
  const sentences = [
    l10n.t(
      'The rollback of {0} to {1} stopped halfway, and these files could not be put back as they were: {2}.',
      version.model,
      versionName(version),
      files,
    ),
  ];
  if (undoable.length > 0)
    sentences.push(l10n.t('When the cause is gone, put them back with: {0}', displayNames(undoable)));
  return new TrailError(code, sentences.join(' '), { cause });
}
