import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { fileManifest } from '../../trail/reading/fileManifest.ts';
import { type GitScope, installGitDriver, uninstallGitDriver } from '../../trail/gitDriver.ts';
import { defineLoneCommand, type Outcome } from '../command.ts';
import { shellCommand } from '../shellCommand.ts';

export const git = defineLoneCommand({
  name: 'git',
  summary: () =>
    l10n.t('`git install` makes `git diff` show what is inside model files; `git uninstall` undoes it.'),
  positionals: ['ACTION', '[FILE]'],
  options: {
    global: { type: 'boolean', summary: () => l10n.t('In all repositories of this user.') },
  },
  async runAlone({ directory, environment, operation }, { positionals: [action, file], options }) {
    const where: GitScope = { scope: options.global ? 'global' : 'local', directory, environment };
    if (action === 'install' && file === undefined) return install(where);
    if (action === 'uninstall' && file === undefined) return uninstall(where);
    // What Git calls with the file that it wants to show.
    if (action === 'textconv' && file !== undefined) {
      const text = await fileManifest(path.resolve(directory, file), directory, operation);
      return { json: { text }, text: text.replace(/\n$/, '') };
    }
    throw new TrailError(
      'usage',
      l10n.t(
        'Use `modeltrail git install` or `modeltrail git uninstall`; with --global for all repositories.',
      ),
    );
  },
});

async function install(where: GitScope): Promise<Outcome> {
  const command = `${shellCommand(where.environment)} git textconv`;
  const { attributes } = await installGitDriver(where, command);
  return {
    json: { installed: true, scope: where.scope, attributes, command },
    text:
      where.scope === 'global'
        ? l10n.t('`git diff` shows what is inside model files from now on, in all your repositories.')
        : l10n.t('`git diff` shows what is inside model files from now on, in this repository.'),
  };
}

async function uninstall(where: GitScope): Promise<Outcome> {
  const { attributes } = await uninstallGitDriver(where);
  return {
    json: { installed: false, scope: where.scope, attributes, command: null },
    text: l10n.t('`git diff` shows model files as it did before.'),
  };
}
