import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../core/formatBytes.ts';
import { shortId } from '../../core/shortId.ts';
import { type WorkingCopy, versionName } from '../../core/versions.ts';
import type { ModelRow, Problem, TrailInfo } from '../../trail/api/models.ts';
import { lostProblem } from '../../trail/claims/lostEntries.ts';
import { defineCommand, type Session } from '../command.ts';
import { versionDocument, workingDocument } from '../documents.ts';
import { firstLine, formatAge, formatLabels } from '../format.ts';
import { movedText } from '../references.ts';
import { styled } from '../style.ts';
import { table } from '../table.ts';
import { workingOf } from '../workingOf.ts';

export const status = defineCommand({
  name: 'status',
  summary: () => l10n.t('Show the models, and whether their files changed since the last version.'),
  positionals: [],
  options: {},
  async run(session) {
    const { trail, info, operation } = session;
    const rows: ModelRow[] = [];
    for (const row of await trail.models()) {
      rows.push({ ...row, working: await workingOf(session, row.path) });
    }
    const lost = await trail.lostEntries(operation);
    const problems = lost ? [...info.problems, lostProblem(lost)] : info.problems;
    return {
      json: {
        root: info.root,
        git: info.git,
        shallow: info.shallow,
        models: rows.map(({ path, working, versions, latest }) => ({
          path,
          working: workingDocument(working),
          versions,
          latest: latest ? versionDocument(latest) : null,
        })),
        problems,
      },
      text: await statusText(session, rows, problems),
    };
  },
});

async function statusText(
  session: Session,
  rows: readonly ModelRow[],
  found: readonly Problem[],
): Promise<string> {
  const { info, now, columns } = session;
  const models = await Promise.all(
    rows.map(async ({ path, working, latest }) => [
      styled('bold', session.paths.shown(path)),
      await workingText(session, path, working, latest?.id),
      working.size === undefined ? '' : formatBytes(working.size),
      latest ? styled('cyan', versionName(latest)) : '',
      latest ? formatLabels(latest) : '',
      formatAge(latest?.time, now),
      latest ? firstLine(latest.message) : '',
    ]),
  );
  const problems = [
    ...rows.flatMap(({ working }) => (working.problem === undefined ? [] : [`  ${working.problem}`])),
    ...found.map(({ path, message }) => `  ${path}: ${message}`),
  ];
  const moved = rows.flatMap(({ path, working: { movedFrom } }) =>
    movedFrom === undefined ? [] : [movedText(session, path, movedFrom)],
  );
  return [
    l10n.t('Trail at {0}. {1}', info.root, gitText(info)),
    '',
    models.length === 0
      ? l10n.t('There are no model files here yet.')
      : table(models, { columns, elastic: 6, right: new Set([2]) }),
    ...(moved.length === 0 ? [] : ['', ...moved]),
    ...(problems.length === 0 ? [] : ['', styled('yellow', l10n.t('Problems:')), ...problems]),
  ].join('\n');
}

function gitText({ git, shallow }: TrailInfo): string {
  switch (git) {
    case 'found':
      return shallow
        ? l10n.t('The Git history here is shallow: versions before it are not shown.')
        : l10n.t('Versions in the Git history are included.');
    case 'none':
      return l10n.t('There is no Git repository here.');
    case 'missingProgram':
      return l10n.t('Git is not installed: its history is shown as it was last read.');
    case 'refused':
      return l10n.t('Git does not read this repository: its history is shown as it was last read.');
    case 'untrusted':
      return l10n.t('Git is not asked here, as the folder is not trusted.');
  }
}

async function workingText(
  session: Session,
  model: string,
  working: WorkingCopy,
  latest: string | undefined,
): Promise<string> {
  const version =
    working.version === undefined
      ? undefined
      : await session.trail.version({ model, version: working.version });
  const name = version ? versionName(version) : shortId(working.version ?? '');
  switch (working.state) {
    case 'same':
      return version?.id === latest ? l10n.t('unchanged') : l10n.t('is {0}', name);
    case 'changed':
      return styled('yellow', latest === undefined ? l10n.t('new') : l10n.t('changed'));
    case 'unchecked':
      return l10n.t('not compared');
    case 'pointer':
      return pointerText(name, working);
    case 'missing':
      return styled('red', l10n.t('missing'));
    case 'unreadable':
      return styled('red', l10n.t('unreadable'));
  }
}

function pointerText(name: string, { version, object }: WorkingCopy): string {
  const areSeveral = version === undefined;
  switch (object) {
    case 'lfs':
      return areSeveral
        ? l10n.t('LFS pointers, objects here: git lfs checkout')
        : l10n.t('pointer to {0}, object here: git lfs checkout', name);
    case 'store':
      return areSeveral
        ? l10n.t('LFS pointers, objects kept here')
        : l10n.t('pointer to {0}, object kept here', name);
    case undefined:
      return areSeveral ? l10n.t('LFS pointers') : l10n.t('pointer to {0}', name);
  }
}
