import * as vscode from 'vscode';
import type { KeepRules } from '../../core/keepRules.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { FreePlan } from '../../trail/api/store.ts';
import { type Choice, choose, separator } from '../choose.ts';
import type { OpenTrail } from '../openTrail.ts';
import { formatBytes, listOf, relativeTime } from '../text.ts';
import { type Command, confirm, requireTrust } from './context.ts';
import { forgetAndFree, freedText, givenUpText } from './freeing.ts';
import { keepRulesOf, pickKeepRules } from './keepRulesPick.ts';
import { pickTrail } from './pick.ts';

/** Asks which versions stay, shows what would go and why the rest stays, and then gives up the bytes of what goes. */
export const freeSpace: Command = async ({ trails }) => {
  requireTrust();
  const trail = await pickTrail(trails, vscode.l10n.t('Free Space'));
  if (!trail) return;
  const rules = await pickKeepRules(keepRulesOf(trail.base));
  const plan = rules && (await show(trail, rules));
  if (!plan) return;
  if (
    plan.free.length + plan.givenUp.length > 0 &&
    !(await confirm(question(plan), vscode.l10n.t('Free Space')))
  )
    return;
  const targets = plan.free.map(({ version: { model, id } }) => ({ model, version: id }));
  const report = await forgetAndFree(trail, targets);
  void vscode.window.showInformationMessage(freedText(report));
};

/** @returns undefined when dismissed */
async function show(trail: OpenTrail, rules: KeepRules): Promise<FreePlan | undefined> {
  const controller = new AbortController();
  try {
    return await choose<FreePlan>({
      title: vscode.l10n.t('Free Space: What Goes and What Stays'),
      placeholder: vscode.l10n.t('Nothing is changed before you have confirmed it'),
      load: async () => rowsOf(await trail.api.planFree(rules, { signal: controller.signal, report() {} })),
    });
  } finally {
    controller.abort();
  }
}

function rowsOf(plan: FreePlan): Choice<FreePlan>[] {
  const { l10n } = vscode;
  const going = plan.free.map(({ version, bytes }): Choice<never> => ({
    label: labelOf(version),
    description: [formatBytes(bytes), relativeTime(version.time), version.message]
      .filter((part) => part !== '')
      .join(' · '),
  }));
  const givenUp = plan.givenUp.map(({ version, by, time, bytes }): Choice<never> => ({
    label: labelOf(version),
    description: [
      formatBytes(bytes),
      l10n.t('given up by {0} on {1}', by.name, time.slice(0, 10)),
      version.message,
    ]
      .filter((part) => part !== '')
      .join(' · '),
  }));
  const staying = plan.keep.map(({ version, why }): Choice<never> => ({
    label: labelOf(version),
    description: listOf(why),
  }));
  return [
    { label: actionLabel(plan), detail: actionDetail(plan), value: plan },
    ...(going.length > 0 ? [separator(l10n.t('The bytes of these go')), ...going] : []),
    ...(givenUp.length > 0
      ? [separator(l10n.t('Given up before: these go unless they are recorded again')), ...givenUp]
      : []),
    ...(staying.length > 0 ? [separator(l10n.t('These stay')), ...staying] : []),
  ];
}

function actionLabel({ free, givenUp, bytes }: FreePlan): string {
  if (free.length + givenUp.length === 0)
    return `$(trash) ${vscode.l10n.t('Remove only what no version needs')}`;
  return `$(trash) ${vscode.l10n.t('Free {0}', formatBytes(bytes))}`;
}

function actionDetail({ free, givenUp, keep, stored }: FreePlan): string {
  const { l10n } = vscode;
  const size = formatBytes(stored);
  if (free.length === 0 && givenUp.length > 0)
    return l10n.t('Only what was given up before goes. The store takes {0} now.', size);
  if (free.length === 0) return l10n.t('Every version stays by these rules. The store takes {0} now.', size);
  return l10n.t(
    '{0} of {1} kept versions go. The store takes {2} now.',
    free.length,
    free.length + keep.length,
    size,
  );
}

function labelOf(version: Version): string {
  return vscode.l10n.t('{0} of {1}', versionName(version), version.model);
}

function question(plan: FreePlan): string {
  const besides = givenUpText(plan.givenUp);
  if (plan.free.length === 0)
    return vscode.l10n.t('Free {0}? {1} They cannot be brought back.', formatBytes(plan.bytes), besides);
  return besides === '' ? ruledQuestion(plan) : `${ruledQuestion(plan)} ${besides}`;
}

function ruledQuestion({ free, bytes }: FreePlan): string {
  const { l10n } = vscode;
  const size = formatBytes(bytes);
  return free.length === 1
    ? l10n.t(
        'Give up the bytes of one version, to free {0}? What is known of it stays, but its bytes cannot be brought back.',
        size,
      )
    : l10n.t(
        'Give up the bytes of {0} versions, to free {1}? What is known of them stays, but their bytes cannot be brought back.',
        free.length,
        size,
      );
}
