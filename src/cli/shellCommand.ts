import { realpathSync } from 'node:fs';
import path from 'node:path';
import { posixQuoted } from '../core/shellArgument.ts';

/** How a shell starts this program: by its name where that finds it, which goes on working after an update, else by its path. */
export function shellCommand({ PATH = '' }: NodeJS.ProcessEnv): string {
  const script = process.argv[1] ?? '';
  const found = PATH.split(path.delimiter).some((folder) =>
    samePlace(path.join(folder, 'modeltrail'), script),
  );
  if (found) return 'modeltrail';
  return [process.execPath, script].map(quoted).join(' ');
}

function samePlace(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}

/** Git starts a POSIX shell on every system. */
function quoted(argument: string): string {
  const portable = process.platform === 'win32' ? argument.replaceAll('\\', '/') : argument;
  return posixQuoted(portable);
}
