import { existsSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './paths.ts';
import type { WorkbenchOptions } from './workbench.ts';

/** What the screens are tested on: the packaged extension where there is one, else what was last built. */
export function extensionUnderTest(): Pick<WorkbenchOptions, 'vsix' | 'extensionFolder'> {
  // A build clears dist/, so a package that is there is up to date with it.
  const vsix = path.resolve(
    process.env['MODELTRAIL_VSIX'] ?? path.join(repositoryRoot, 'dist/modeltrail.vsix'),
  );
  if (existsSync(vsix)) return { vsix };
  if (process.env['MODELTRAIL_VSIX'] !== undefined) throw new Error(`MODELTRAIL_VSIX: there is no ${vsix}.`);
  return { extensionFolder: repositoryRoot };
}
