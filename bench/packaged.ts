import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../test/harness/paths.ts';
import type { Bench } from './bench.ts';
import { buildProduction } from './build.ts';

/** What is in the package besides what is built: `.vscodeignore` says it, too. */
const others = ['.vscodeignore', 'l10n', 'README.md', 'CHANGELOG.md', 'LICENSE'];
const megabyte = 1_000_000;

/** What has to be downloaded, and what of it each window reads when it starts. */
export const packaged: Bench = {
  name: 'package',
  summary: 'size of the package, and of the code that a window loads',
  async run({ folder }) {
    const { extension } = await buildProduction(path.join(folder, 'extension'));
    for (const name of others)
      cpSync(path.join(repositoryRoot, name), path.join(extension, name), { recursive: true });
    const manifestFile = path.join(extension, 'package.json');
    // It is built already.
    const { scripts: _, ...manifest } = JSON.parse(readFileSync(manifestFile, 'utf8')) as Record<
      string,
      unknown
    >;
    writeFileSync(manifestFile, JSON.stringify(manifest));
    const vsix = path.join(folder, 'modeltrail.vsix');
    const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
    const vsce = path.join(repositoryRoot, 'node_modules/@vscode/vsce/vsce');
    execFileSync(process.execPath, [vsce, 'package', ...options, '--out', vsix], { cwd: extension });
    const host = path.join(extension, 'dist/extension.cjs');
    return {
      figures: [
        { what: 'VSIX', samples: [statSync(vsix).size / megabyte], unit: 'MB', bar: { atMost: 3 } },
        {
          what: 'code that the extension host loads',
          samples: [statSync(host).size / megabyte],
          unit: 'MB',
          bar: { atMost: 0.25 },
        },
      ],
      notes: [],
    };
  },
};
