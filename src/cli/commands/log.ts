import * as l10n from '@vscode/l10n';
import type { ModelPath } from '../../core/facts.ts';
import { shortId } from '../../core/shortId.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { defineCommand, type Outcome, type Session } from '../command.ts';
import { versionDocument } from '../documents.ts';
import { firstLine, formatAge, formatLabels, formatMetrics } from '../format.ts';
import { modelNames, unknownModel } from '../references.ts';
import { styled } from '../style.ts';
import { indented, table } from '../table.ts';

export const log = defineCommand({
  name: 'log',
  summary: () => l10n.t('List the versions of a model, newest first; those of all models without a PATH.'),
  positionals: ['[PATH]'],
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
    if (path === undefined) return logOfAll(session, filter);
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
          : table(rowsOf(versions, session), { columns: session.columns, elastic: elasticCell }),
    };
  },
});

/** Models without versions, and those of which the filter leaves none, are not named. */
async function logOfAll(session: Session, filter: string | undefined): Promise<Outcome> {
  const models: { readonly model: ModelPath; readonly versions: readonly Version[] }[] = [];
  for (const { path: model } of await session.trail.models()) {
    const versions = await allVersions(session, model, filter);
    if (versions.length > 0) models.push({ model, versions });
  }
  const columns = session.columns && session.columns - 2;
  const texts = models.map(({ model, versions }) => {
    const rows = indented(rowsOf(versions, session), { columns, elastic: elasticCell });
    return `${styled('bold', session.paths.shown(model))}\n${rows}`;
  });
  const nothing =
    filter === undefined
      ? l10n.t('There are no versions here yet. `modeltrail record PATH` makes the first of a model.')
      : l10n.t('No version fits the filter: {0}', filter);
  return {
    json: {
      models: models.map(({ model, versions }) => ({ model, versions: versions.map(versionDocument) })),
    },
    text: texts.join('\n\n') || nothing,
  };
}

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

/** The message. */
const elasticCell = 4;

function rowsOf(versions: readonly Version[], { now }: Session): string[][] {
  return versions.map((version) => [
    styled('cyan', versionName(version)),
    styled('dim', shortId(version.id)),
    formatAge(version.time, now),
    formatLabels(version),
    version.atOrBefore
      ? styled('dim', l10n.t('at this commit or before: the history here is cut off'))
      : firstLine(version.message),
    formatMetrics(version.metrics),
  ]);
}
