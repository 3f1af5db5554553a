import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../core/formatBytes.ts';
import { versionName } from '../../core/versions.ts';
import type { ModelUsage, TrailUsage } from '../../trail/api/store.ts';
import { defineCommand, type Session } from '../command.ts';
import { firstLine } from '../format.ts';
import { modelNames, unknownModel } from '../references.ts';
import { styled } from '../style.ts';
import { indented } from '../table.ts';

export const du = defineCommand({
  name: 'du',
  summary: () => l10n.t('Show what the versions would take as files, and what they take in the store.'),
  positionals: ['[PATH]'],
  options: {},
  async run(session, { positionals: [path] }) {
    const usage = await session.trail.usage(session.operation);
    let { models } = usage;
    if (path !== undefined) {
      const model = session.paths.toModel(path);
      models = models.filter((candidate) => candidate.model === model);
      const known = await modelNames(session);
      if (!known.has(model)) throw await unknownModel(session, model, known);
    }
    return {
      json: {
        folder: usage.folder,
        size: usage.size,
        stored: usage.stored,
        models: models.map(({ model, versions, size, stored }) => ({
          model,
          size,
          stored,
          versions: versions.map(({ version, stored: own, own: alone }) => ({
            id: version.id,
            name: versionName(version),
            size: version.size,
            stored: own,
            own: alone,
          })),
        })),
      },
      text: [...models.flatMap((model) => modelLines(session, model)), total(usage)].join('\n'),
    };
  },
});

function modelLines(session: Session, { model, versions, size, stored }: ModelUsage): string[] {
  const rows = versions.map(({ version, stored: all, own }) => [
    styled('cyan', versionName(version)),
    formatBytes(version.size),
    l10n.t('stored {0}', formatBytes(all)),
    l10n.t('its own {0}', formatBytes(own)),
    firstLine(version.message),
  ]);
  const name = styled('bold', session.paths.shown(model));
  return [
    l10n.t('{0}: {1} stored in {2}', name, formatBytes(size), formatBytes(stored)),
    indented(rows, { columns: session.columns, elastic: 4, right: new Set([1]) }),
    '',
  ];
}

function total({ folder, size, stored }: TrailUsage): string {
  return l10n.t('The store in {0} keeps {1} in {2}.', folder, formatBytes(size), formatBytes(stored));
}
