import * as l10n from '@vscode/l10n';
import { versionName } from '../../core/versions.ts';
import type { RenamedFile } from '../../trail/api/changes.ts';
import { defineCommand, type Session } from '../command.ts';

export const rename = defineCommand({
  name: 'rename',
  summary: () =>
    l10n.t('Go on with the history of a model whose file you renamed or moved, which Git did not see.'),
  positionals: ['OLD', 'NEW'],
  options: {},
  async run(session, { positionals: [old, moved] }) {
    const { trail, paths, operation } = session;
    const result = await trail.rename(paths.toModel(old), paths.toModel(moved), operation);
    for (const problem of result.externalDataProblems) session.warn(problem);
    const { externalData } = result;
    return {
      json: { change: changeDocument(result), externalData: externalData.map(changeDocument) },
      text: [result, ...externalData].map((file) => renamedText(session, file)).join('\n'),
    };
  },
});

function changeDocument({ factId, from, to, version }: RenamedFile): Readonly<Record<string, unknown>> {
  return { id: factId ?? null, kind: 'renamed', model: from, to, version: version?.id ?? null };
}

function renamedText({ paths }: Session, { factId, from, to, version }: RenamedFile): string {
  const [before, now] = [paths.shown(from), paths.shown(to)];
  if (factId === undefined) return l10n.t('{0} is called {1} already.', before, now);
  return version
    ? l10n.t('{0} goes on with the history of {1}, and is {2}.', now, before, versionName(version))
    : l10n.t(
        '{0} goes on with the history of {1}. It is none of those versions: `modeltrail record {0}` makes it the next.',
        now,
        before,
      );
}
