import * as vscode from 'vscode';
import type { Problem } from '../../trail/api/models.ts';
import type { VerifyOptions, VerifyReport } from '../../trail/api/store.ts';
import { choose } from '../choose.ts';
import { reportError, runLong } from '../longOperation.ts';
import type { OpenTrail } from '../openTrail.ts';
import { formatBytes } from '../text.ts';
import type { Command, CommandContext } from './context.ts';

/** Enough to find out that a disk is going bad. */
const sampleSize = 10;

/** Reads what is kept, and says whether it is what it should be; what is not can be brought back from elsewhere. */
export const verify: Command = async (context) => {
  const { l10n } = vscode;
  const asked = await choose<VerifyOptions>({
    title: l10n.t('Verify'),
    placeholder: l10n.t('The bytes that are kept are read again and compared with their SHA-256'),
    load: async () => [
      { label: l10n.t('All kept versions'), value: {} },
      { label: l10n.t('{0} kept versions, chosen at random', sampleSize), value: { sample: sampleSize } },
    ],
  });
  if (asked) await verifyAll(context, asked);
};

async function verifyAll(context: CommandContext, options: VerifyOptions): Promise<void> {
  let [checked, bytes, absent, repaired] = [0, 0, 0, 0];
  const problems: Problem[] = [];
  const takenOut: string[] = [];
  for (const trail of await context.trails.open()) {
    const report = await verifyOne(trail, options);
    context.problems.setVerified(trail, report.problems, options.sample === undefined);
    checked += report.checked;
    bytes += report.bytes;
    absent += report.absent.length;
    takenOut.push(...report.takenOut.map(({ message }) => message));
    repaired += report.repaired;
    problems.push(...report.problems);
  }
  if (problems.length > 0) tellProblems(context, { checked, problems }, options);
  else
    void vscode.window.showInformationMessage(
      [allWell({ checked, bytes, absent, repaired }), ...takenOut.slice(-1)].join(' '),
    );
}

function verifyOne(trail: OpenTrail, options: VerifyOptions): Promise<VerifyReport> {
  const title = options.repair
    ? vscode.l10n.t('Repairing what is kept of {0}', trail.root)
    : vscode.l10n.t('Verifying what is kept of {0}', trail.root);
  // Only what takes a while: the editor hides what is said when too much is said at once.
  return runLong(title, (operation) => trail.api.verify(options, operation));
}

function allWell({
  checked,
  bytes,
  absent,
  repaired,
}: Record<'checked' | 'bytes' | 'absent' | 'repaired', number>): string {
  const { l10n } = vscode;
  const whole =
    checked === 1
      ? l10n.t('All is as it should be: one version, {0}.', formatBytes(bytes))
      : l10n.t('All is as it should be: {0} versions, {1}.', checked, formatBytes(bytes));
  const elsewhere =
    absent === 1
      ? l10n.t('One was recorded elsewhere and is not on this machine.')
      : l10n.t('{0} were recorded elsewhere and are not on this machine.', absent);
  const sentence = absent === 0 ? whole : `${whole} ${elsewhere}`;
  if (repaired === 0) return sentence;
  const brought =
    repaired === 1 ? l10n.t('One was brought back.') : l10n.t('{0} were brought back.', repaired);
  return `${brought} ${sentence}`;
}

function tellProblems(
  context: CommandContext,
  { checked, problems }: { readonly checked: number; readonly problems: readonly Problem[] },
  options: VerifyOptions,
): void {
  const { l10n } = vscode;
  const [repair, show] = [l10n.t('Repair'), l10n.t('Show Problems')];
  const sentence = problemSentence({ checked, problems }, options);
  const buttons = options.repair || !vscode.workspace.isTrusted ? [show] : [repair, show];
  // Not awaited: the command is done, whether or not the user ever answers.
  void vscode.window.showErrorMessage(sentence, ...buttons).then((answer) => {
    if (answer === show) void vscode.commands.executeCommand('workbench.actions.view.problems');
    if (answer === repair)
      void verifyAll(context, { repair: true }).catch((error: unknown) => reportError(context.log, error));
  });
}

function problemSentence(
  { checked, problems }: { readonly checked: number; readonly problems: readonly Problem[] },
  { repair }: VerifyOptions,
): string {
  const { l10n } = vscode;
  // Nothing could be read, as of a store on a disk that is not connected: the last problem says why.
  if (checked === 0) return problems.at(-1)?.message ?? '';
  return repair
    ? l10n.t(
        '{0} of {1} versions are still not as they should be. The problems name them.',
        problems.length,
        checked,
      )
    : l10n.t(
        '{0} of {1} versions are not as they should be. The problems name them.',
        problems.length,
        checked,
      );
}
