import * as l10n from '@vscode/l10n';
import type { ModelPath } from '../../core/facts.ts';
import { shortId } from '../../core/shortId.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { defineCommand, type Session } from '../command.ts';
import { versionDocument } from '../documents.ts';
import { firstLine, formatAge, formatLabels, formatMetrics } from '../format.ts';
import { modelNames, unknownModel } from '../references.ts';
import { styled } from '../style.ts';
import { table } from '../table.ts';

export const log = defineCommand({
  name: 'log',
  summary: () => l10n.t('List the versions of a model, newest first.'),
  positionals: ['PATH'],
  options: {
    filter: {
      type: 'string',
      value: 'TEXT',
      summary: () =>
        l10n.t(
          'Only versions for which each word holds: a text, tag:NAME, stage:NAME, source:NAME, model:TEXT, or a comparison (f1>0.9); a - before a word means not.',
        ),
    },
  },
  async run(session, { positionals: [path], options: { filter } }) {
    const known = await modelNames(session);
    const reference = session.paths.toReference(path, known);
    const model = known.has(reference) ? reference : session.paths.toModel(path);
    const versions = await allVersions(session, model, filter);
    if (versions.length === 0 && !known.has(model)) throw await unknownModel(session, model, known);
    return {
      json: { model, versions: versions.map(versionDocument) },
      text:
        versions.length === 0
          ? await noVersions(session, model, filter)
          : table(
              versions.map((version) => cells(version, session.now)),
              {
                columns: session.columns,
                elastic: 4,
              },
            ),
    };
  },
});

async function noVersions({ trail, paths }: Session, model: ModelPath, filter?: string): Promise<string> {
  const { total } = await trail.versions(model, { offset: 0, limit: 0 });
  return total === 0
    ? l10n.t('{0} has no versions yet. `modeltrail record {0}` makes the first.', paths.shown(model))
    : l10n.t('None of the {0} versions of {1} fits the filter: {2}', total, paths.shown(model), filter ?? '');
}

const pageSize = 1000;

async function allVersions(
  { trail }: Session,
  model: ModelPath,
  filter: string | undefined,
): Promise<Version[]> {
  const versions: Version[] = [];
  for (;;) {
    const page = await trail.versions(model, { offset: versions.length, limit: pageSize, filter });
    versions.push(...page.versions);
    if (page.versions.length === 0 || versions.length >= page.total) return versions;
  }
}

function cells(version: Version, now: Date): string[] {
  return [
    styled('cyan', versionName(version)),
    styled('dim', shortId(version.id)),
    formatAge(version.time, now),
    formatLabels(version),
    version.atOrBefore
      ? styled('dim', l10n.t('at this commit or before: the history here is cut off'))
      : firstLine(version.message),
    formatMetrics(version.metrics),
  ];
}
