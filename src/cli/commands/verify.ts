import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { formatBytes } from '../../core/formatBytes.ts';
import type { VerifyReport } from '../../trail/api/store.ts';
import { defineCommand } from '../command.ts';
import { wholeNumber } from '../numbers.ts';
import { styled } from '../style.ts';

const mostNamed = 5;

function absentLines(absent: VerifyReport['absent']): readonly string[] {
  if (absent.length === 0) return [];
  const count =
    absent.length === 1
      ? l10n.t('Recorded elsewhere and not on this machine, so not checked: 1 version.')
      : l10n.t('Recorded elsewhere and not on this machine, so not checked: {0} versions.', absent.length);
  const named = absent.slice(0, mostNamed).map(({ message }) => `  ${message}`);
  return [styled('yellow', count), ...named, ...(absent.length > mostNamed ? ['  …'] : [])];
}

/** Whatever was taken out, the first commits are long ago. */
function takenOutLines(takenOut: VerifyReport['takenOut']): readonly string[] {
  const named = takenOut
    .slice(-mostNamed)
    .map(({ path, message }) => `${styled('yellow', path)}: ${message}`);
  return [...(takenOut.length > mostNamed ? ['  …'] : []), ...named];
}

export const verify = defineCommand({
  name: 'verify',
  summary: () =>
    l10n.t(
      'Read the journal and every recorded version, and compare that with its SHA-256; exit 1 if one is damaged.',
    ),
  positionals: [],
  options: {
    sample: {
      type: 'string',
      value: 'N',
      summary: () => l10n.t('Only so many versions, chosen at random.'),
    },
    repair: {
      type: 'boolean',
      summary: () =>
        l10n.t(
          'Bring back what is damaged or missing from Git, Git LFS, DVC or the file, where one has it, and lost entries of the journal.',
        ),
    },
    'let-go': {
      type: 'boolean',
      summary: () =>
        l10n.t('Speak no more of entries that are neither in the journal nor in a commit any more.'),
    },
  },
  async run({ trail, operation }, { options }) {
    if (options.repair && options['let-go'])
      throw new TrailError(
        'usage',
        l10n.t('Either bring lost entries back or let them go: --repair or --let-go.'),
      );
    const lost = options['let-go'] ? await trail.lostEntries(operation) : undefined;
    const letGo = lost ? await trail.letGo(lost.names, operation) : 0;
    const asked = { sample: wholeNumber('--sample', options.sample), repair: options.repair };
    const report = await trail.verify(asked, operation);
    const { checked, bytes, absent, takenOut, repaired, restored, problems } = report;
    const amount =
      checked === 1
        ? l10n.t('Checked 1 version, {0}.', formatBytes(bytes))
        : l10n.t('Checked {0} versions, {1}.', checked, formatBytes(bytes));
    return {
      json: {
        ok: problems.length === 0,
        checked,
        bytes,
        absent,
        takenOut,
        repaired,
        restored,
        letGo,
        problems,
      },
      text: [
        ...problems.map(({ path, message }) => `${styled('red', path)}: ${message}`),
        ...(repaired > 0 ? [l10n.t('Versions brought back: {0}.', repaired)] : []),
        ...(restored > 0 ? [l10n.t('Entries of the journal written back: {0}.', restored)] : []),
        ...(letGo > 0 ? [l10n.t('Entries of the journal let go: {0}.', letGo)] : []),
        ...takenOutLines(takenOut),
        ...absentLines(absent),
        problems.length === 0
          ? l10n.t('{0} All are as they were recorded.', amount)
          : l10n.t('{0} Problems found: {1}.', amount, problems.length),
      ].join('\n'),
      exitCode: problems.length === 0 ? 0 : 1,
    };
  },
});
