import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';

/** The file that is where a path, or what leads to it, should be a folder; undefined when none is in the way. */
export function fileInTheWay(folder: string): string | undefined {
  let place = folder;
  while (!existsSync(place) && place !== path.dirname(place)) place = path.dirname(place);
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() === false ? place : undefined;
}

/** A sentence on such a file. */
export function inTheWayText(file: string): string {
  return l10n.t('{0} is a file, and a folder should be there. Move it away and try again.', file);
}
