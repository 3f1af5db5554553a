import * as l10n from '@vscode/l10n';
import { defineCommand } from '../command.ts';
import { formatBytes } from '../format.ts';
import { styled } from '../style.ts';

export const verify = defineCommand({
  name: 'verify',
  summary: () =>
    l10n.t('Read every recorded version and compare it with its SHA-256; exit 1 if one is damaged.'),
  positionals: [],
  options: {},
  async run({ trail, operation }) {
    const { checked, bytes, problems } = await trail.verify({}, operation);
    const amount = l10n.t('Checked {0} versions, {1}.', checked, formatBytes(bytes));
    return {
      json: { ok: problems.length === 0, checked, bytes, problems },
      text: [
        ...problems.map(({ path, message }) => `${styled('red', path)}: ${message}`),
        problems.length === 0
          ? l10n.t('{0} All are as they were recorded.', amount)
          : l10n.t('{0} Problems found: {1}.', amount, problems.length),
      ].join('\n'),
      exitCode: problems.length === 0 ? 0 : 1,
    };
  },
});
