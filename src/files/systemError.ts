import * as l10n from '@vscode/l10n';
import { messageOf, systemCode, TrailError } from '../core/errors.ts';
import { fileInTheWay, inTheWayText } from './inTheWay.ts';

/** What the system said about a file, in a sentence that says what to do. Leaves a TrailError as it is. */
export function systemError(error: unknown, path: string): TrailError {
  if (error instanceof TrailError) return error;
  const io = (message: string) => new TrailError('io', message, { cause: error });
  switch (systemCode(error)) {
    case 'ENOTDIR':
      return io(inTheWayText(blockedBy(error) ?? path));
    case 'ENOENT':
      return new TrailError('notFound', l10n.t('{0} does not exist.', path), { cause: error });
    case 'EACCES':
    case 'EPERM':
      return io(l10n.t('No permission for {0}. Check the permissions of the file and of its folder.', path));
    case 'ENOSPC':
    case 'EDQUOT':
      return io(
        l10n.t('The disk that holds {0} is full. Nothing was changed; free some space and try again.', path),
      );
    case 'EEXIST':
      return io(
        l10n.t('{0} cannot be written: a file has the name of one of its folders. Move it away.', path),
      );
    case 'EROFS':
      return io(
        l10n.t('{0} is on a read-only disk. Nothing was changed; make it writable and try again.', path),
      );
    case 'EBUSY':
      return io(l10n.t('Another program is using {0}. Close it there and try again.', path));
    case 'EMFILE':
    case 'ENFILE':
      return io(l10n.t('Too many files are open to reach {0}. Try again in a moment.', path));
    default:
      return io(l10n.t('{0} could not be reached: {1}', path, messageOf(error)));
  }
}

/** The system names what it was asked for, which may be deeper than what the caller knows. */
function blockedBy(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { dest, path }: NodeJS.ErrnoException & { readonly dest?: string } = error;
  for (const place of [dest, path]) {
    const file = place === undefined ? undefined : fileInTheWay(place);
    // Of two names the other may be a file as it should.
    if (file !== undefined && (file !== place || dest === undefined)) return file;
  }
  return undefined;
}
