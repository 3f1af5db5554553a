import * as l10n from '@vscode/l10n';
import type { ModelRow, Problem, TrailInfo } from '../../trail/api/models.ts';
import { lostProblem } from '../../trail/claims/lostEntries.ts';
import { defineCommand, type Session } from '../command.ts';
import { versionDocument, workingDocument } from '../documents.ts';
import { movedText } from '../references.ts';
import { styled } from '../style.ts';
import { workingOf } from '../workingOf.ts';
import { modelTable } from './modelTable.ts';

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
  const { info } = session;
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
    rows.length === 0 ? l10n.t('There are no model files here yet.') : await modelTable(session, rows),
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
