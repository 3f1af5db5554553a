import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../core/formatBytes.ts';
import { defineCommand } from '../command.ts';

export const pack = defineCommand({
  name: 'pack',
  summary: () => l10n.t('Store the recorded versions in less space; can be stopped at any moment.'),
  positionals: [],
  options: {},
  async run({ trail, operation }) {
    const { before, after, waiting } = await trail.pack(operation);
    return {
      json: { before, after, waiting },
      text: [
        before === after
          ? l10n.t('The store takes {0}. There is nothing to pack.', formatBytes(after))
          : l10n.t('The store takes {0}; it took {1}.', formatBytes(after), formatBytes(before)),
        ...waitingLines(waiting),
      ].join('\n'),
    };
  },
});

export function waitingLines(waiting: number): string[] {
  if (waiting === 0) return [];
  return [
    l10n.t(
      '{0} more can be freed by `modeltrail gc` when no program has used it for an hour.',
      formatBytes(waiting),
    ),
  ];
}
