import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { versionName } from '../../core/versions.ts';
import type { RollbackPlan, RollbackResult } from '../../trail/api/changes.ts';
import { defineCommand, type Option, type Session } from '../command.ts';
import { versionDocument } from '../documents.ts';
import { formatAge } from '../format.ts';
import { resolve } from '../references.ts';

export const yesOption = {
  type: 'boolean',
  summary: () => l10n.t('Do it without asking.'),
} as const satisfies Option;

export const rollback = defineCommand({
  name: 'rollback',
  summary: () => l10n.t('Put the bytes of a version back in place, after recording what is there.'),
  positionals: ['REF'],
  options: { yes: yesOption },
  async run(session, { positionals: [reference], options }) {
    const { trail, operation } = session;
    const { model, version, at } = await resolve(session, reference);
    if (!version)
      throw new TrailError(
        'usage',
        l10n.t('Say which version: {0}@v1, for example.', session.paths.shown(model)),
      );
    // So that the plan knows whether there is anything to record.
    await trail.checkWorkingCopy(model, operation);
    const target = { model, version: version.id, at };
    const plan = await trail.planRollback(target, operation);
    const lost = [plan, ...plan.externalData].find(({ from }) => from === undefined);
    if (lost) throw new TrailError('missingBytes', lost.missing ?? l10n.t('The bytes are not here.'));
    if (!options.yes) {
      if (isNothing(plan)) throw new TrailError('refused', nothingText(session, plan));
      await session.confirm(planText(session, plan));
    }
    const result = await trail.rollback(target, operation);
    const { recorded, restored, factId: id, externalData, unknownData } = result;
    if (unknownData !== undefined) session.warn(unknownData);
    return {
      json: {
        change: { id, kind: 'rolledBack', model, version: version.id },
        from: plan.from,
        recorded: recorded ? versionDocument(recorded) : null,
        restored: versionDocument(restored),
        externalData: externalData.map((data) => ({
          recorded: data.recorded ? versionDocument(data.recorded) : null,
          restored: versionDocument(data.restored),
        })),
      },
      text: [
        ...outcomeText(session, result),
        ...(externalData.length > mostNamed
          ? [l10n.t('The {0} files with its weights are as they were with it.', externalData.length)]
          : externalData.flatMap((file) => outcomeText(session, file))),
        l10n.t('`modeltrail undo` takes this back.'),
      ].join('\n'),
    };
  },
});

/** An exporter may write a file for each tensor. */
const mostNamed = 5;

function outcomeText(
  session: Session,
  { restored, recorded }: Pick<RollbackResult, 'restored' | 'recorded'>,
): string[] {
  const now = l10n.t('{0} is {1} now.', session.paths.shown(restored.model), versionName(restored));
  return recorded ? [now, l10n.t('What was there is recorded as {0}.', versionName(recorded))] : [now];
}

function isInPlace({ working, target }: Pick<RollbackPlan, 'working' | 'target'>): boolean {
  return working.state === 'same' && working.version === target.id;
}

/** Then there is nothing to ask. */
function isNothing(plan: RollbackPlan): boolean {
  return isInPlace(plan) && plan.externalData.length === 0 && plan.link === undefined;
}

function nothingText(session: Session, { target }: RollbackPlan): string {
  return l10n.t('{0} already is {1}.', session.paths.shown(target.model), versionName(target));
}

function planText(session: Session, { externalData, unknownData, ...plan }: RollbackPlan): string {
  return [
    ...(isInPlace(plan) && externalData.length > 0
      ? [
          l10n.t(
            '{0} is {1} already, but not its weights.',
            session.paths.shown(plan.target.model),
            versionName(plan.target),
          ),
        ]
      : [fileText(session, plan)]),
    ...(externalData.length > mostNamed
      ? [
          l10n.t(
            '{0} files with its weights will be put back as they were with it, after what is there now is recorded.',
            externalData.length,
          ),
        ]
      : externalData.map((data) => fileText(session, data))),
    ...(unknownData === undefined ? [] : [unknownData]),
  ].join(' ');
}

function fileText(session: Session, plan: Omit<RollbackPlan, 'externalData'>): string {
  const sentence = replacementText(session, plan);
  if (plan.link === undefined) return sentence;
  const path = session.paths.shown(plan.target.model);
  return [
    sentence,
    plan.target.files === undefined
      ? l10n.t('{0} is a link to {1} and will be a file of its own.', path, plan.link)
      : l10n.t('{0} is a link to {1} and will be a folder of its own.', path, plan.link),
  ].join(' ');
}

function replacementText(
  session: Session,
  { target, records, working }: Omit<RollbackPlan, 'externalData'>,
): string {
  const path = session.paths.shown(target.model);
  const name = l10n.t('{0} ({1})', versionName(target), formatAge(target.time, session.now));
  if (working.state === 'missing') return l10n.t('{0} will be written again as {1}.', path, name);
  return records
    ? l10n.t('{0} will be recorded as it is now, then replaced by {1}.', path, name)
    : l10n.t('{0} will be replaced by {1}; what is there now is recorded already.', path, name);
}
