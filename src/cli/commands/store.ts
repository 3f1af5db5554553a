import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { formatBytes } from '../../core/formatBytes.ts';
import { defineCommand, type Outcome, type Session } from '../command.ts';

export const store = defineCommand({
  name: 'store',
  summary: () => l10n.t('`store path` says where the store is; `store move DIR` moves it.'),
  positionals: ['ACTION', '[DIR]'],
  options: {},
  async run(session, { positionals: [action, folder] }) {
    if (action === 'path' && folder === undefined) return storePath(session);
    if (action === 'move' && folder !== undefined) return move(session, folder);
    throw new TrailError('usage', l10n.t('Use `modeltrail store path` or `modeltrail store move DIR`.'));
  },
});

function storePath({ info }: Session): Outcome {
  return { json: { folder: info.store }, text: info.store };
}

async function move({ trail, operation, paths }: Session, folder: string): Promise<Outcome> {
  const { from, to, copied, removed } = await trail.moveStore(paths.absolute(folder), operation);
  return {
    json: { from, to, copied, removed },
    text: [
      l10n.t('The store is in {0} now. {1} were copied and verified.', to, formatBytes(copied)),
      ...(removed
        ? []
        : [l10n.t('The old one is still in {0}: others use it, or something in it is damaged.', from)]),
    ].join('\n'),
  };
}
