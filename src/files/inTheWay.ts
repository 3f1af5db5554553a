import { existsSync, lstatSync, statSync } from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';

/** The file that is where a path, or what leads to it, should be a folder, or the link that leads nowhere; undefined when none is in the way. */
export function fileInTheWay(folder: string): string | undefined {
  let place = folder;
  while (!existsSync(place) && !isLink(place) && place !== path.dirname(place)) place = path.dirname(place);
  if (!existsSync(place)) return isLink(place) ? place : undefined;
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() === false ? place : undefined;
}

/** A sentence on such a file. */
export function inTheWayText(file: string): string {
  return isLink(file) && !existsSync(file)
    ? l10n.t(
        '{0} is a link to a folder that is not there. Connect the disk that it is on, or make the folder, and try again.',
        file,
      )
    : l10n.t('{0} is a file, and a folder should be there. Move it away and try again.', file);
}

function isLink(file: string): boolean {
  try {
    return lstatSync(file).isSymbolicLink();
  } catch {
    return false;
  }
}
