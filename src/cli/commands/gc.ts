import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../core/formatBytes.ts';
import { defaultKeepRules } from '../../core/keepRules.ts';
import { versionName } from '../../core/versions.ts';
import type { FreePlan, GarbageReport, KeptVersion } from '../../trail/api/store.ts';
import { defineCommand, type Option, type Outcome, type Session } from '../command.ts';
import { givenUpDocument, versionDocument } from '../documents.ts';
import { formatAge, formatLabels } from '../format.ts';
import { wholeNumber } from '../numbers.ts';
import { indented } from '../table.ts';
import { waitingLines } from './pack.ts';
import { yesOption } from './rollback.ts';

export const dryRunOption = {
  type: 'boolean',
  summary: () => l10n.t('Say what would go, and change nothing.'),
} as const satisfies Option;

export const gc = defineCommand({
  name: 'gc',
  summary: () =>
    l10n.t('Give up the bytes of old versions that nothing keeps, and free what no version needs.'),
  positionals: [],
  options: {
    'keep-last': {
      type: 'string',
      value: 'N',
      summary: () =>
        l10n.t('Keep the newest so many versions of each model; {0} if not given.', defaultKeepRules.last),
    },
    days: {
      type: 'string',
      value: 'N',
      summary: () => l10n.t('Keep those of the last so many days; {0} if not given.', defaultKeepRules.days),
    },
    'dry-run': dryRunOption,
    yes: yesOption,
  },
  async run(session, { options }) {
    const rules = {
      ...defaultKeepRules,
      last: wholeNumber('--keep-last', options['keep-last']) ?? defaultKeepRules.last,
      days: wholeNumber('--days', options.days) ?? defaultKeepRules.days,
    };
    const { trail, operation } = session;
    const plan = await trail.planFree(rules, operation);
    if (options['dry-run']) return dryRun(session, plan);
    const targets = plan.free.map(({ version: { model, id } }) => ({ model, version: id }));
    if (!options.yes && plan.free.length + plan.givenUp.length > 0)
      await session.confirm(planText(session, plan));
    if (targets.length > 0) await trail.forget(targets, operation);
    const report = await trail.collectGarbage(operation);
    return {
      json: {
        forgotten: freeDocuments(plan),
        ...restOfPlan(plan),
        ...report,
      },
      text: resultText(session, plan, report),
    };
  },
});

/** The plan alone. It fails like the command itself where nothing may be given up. */
function dryRun(session: Session, plan: FreePlan): Outcome {
  return {
    json: { free: freeDocuments(plan), ...restOfPlan(plan), stored: plan.stored },
    text: [planText(session, plan), l10n.t('Nothing was changed.')].join('\n'),
  };
}

const freeDocuments = ({ free }: FreePlan) =>
  free.map(({ version, bytes }) => ({ version: versionDocument(version), bytes }));

const restOfPlan = ({ keep, givenUp, bytes }: FreePlan) => ({
  kept: keep.map(({ version, reasons }) => ({ version: versionDocument(version), reasons })),
  givenUp: givenUp.map(givenUpDocument),
  bytes,
});

function planText(session: Session, plan: FreePlan): string {
  const going = plan.free.map(({ version, bytes }) => [
    session.paths.shown(version.model),
    versionName(version),
    formatAge(version.time, session.now),
    formatBytes(bytes),
    version.message,
  ]);
  return [
    l10n.t('These stay:'),
    indented(plan.keep.map((kept) => keptRow(session, kept))),
    ...(going.length > 0
      ? [
          l10n.t('The bytes of these will be given up:'),
          indented(going, { columns: session.columns, elastic: 4, right: new Set([3]) }),
        ]
      : []),
    ...(plan.givenUp.length > 0
      ? [
          l10n.t('The bytes of these were given up before, and go too:'),
          givenUpRows(session, plan),
          l10n.t(
            'To keep one of those, roll back to it and record it again first: `modeltrail rollback REF`, then `modeltrail record PATH`.',
          ),
        ]
      : []),
    l10n.t(
      '{0} of {1} will become free. What is known of the versions stays; their bytes cannot be brought back.',
      formatBytes(plan.bytes),
      formatBytes(plan.stored),
    ),
  ].join('\n');
}

function givenUpRows(session: Session, { givenUp }: FreePlan): string {
  const rows = givenUp.map(({ version, by, time, bytes }) => [
    session.paths.shown(version.model),
    versionName(version),
    l10n.t('given up by {0} on {1}', by.name, time.slice(0, 10)),
    formatBytes(bytes),
    version.message,
  ]);
  return indented(rows, { columns: session.columns, elastic: 4, right: new Set([3]) });
}

function keptRow(session: Session, { version, why }: KeptVersion): string[] {
  return [session.paths.shown(version.model), versionName(version), why.join(', '), formatLabels(version)];
}

function resultText(session: Session, plan: FreePlan, { freed, waiting, heldBy }: GarbageReport): string {
  return [
    ...(plan.free.length > 0 ? [l10n.t('Versions whose bytes were given up: {0}.', plan.free.length)] : []),
    ...(plan.givenUp.length > 0
      ? [l10n.t('The bytes of these went, which were given up before:'), givenUpRows(session, plan)]
      : []),
    freed > 0 ? l10n.t('Freed {0}.', formatBytes(freed)) : l10n.t('There was nothing to free yet.'),
    ...waitingLines(waiting),
    ...heldBy.map(({ message }) => message),
  ].join('\n');
}
