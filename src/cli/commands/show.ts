import * as l10n from '@vscode/l10n';
import { formatBytes } from '../../core/formatBytes.ts';
import { formatMetric } from '../../core/formatNumber.ts';
import { shortId } from '../../core/shortId.ts';
import {
  type CommitSighting,
  isElsewhere,
  type Version,
  versionName,
  type WorkingCopy,
} from '../../core/versions.ts';
import { defineCommand, type Session } from '../command.ts';
import { commitDocuments, versionDocument, workingDocument } from '../documents.ts';
import { formatAge } from '../format.ts';
import { resolve } from '../references.ts';
import { styled } from '../style.ts';
import { indented } from '../table.ts';

export const show = defineCommand({
  name: 'show',
  summary: () => l10n.t('Show all that is known of one version, or of the file as it is on disk.'),
  positionals: ['REF'],
  options: {},
  async run(session, { positionals: [reference] }) {
    const { model, version: named } = await resolve(session, reference);
    const working = named ? undefined : await session.trail.checkWorkingCopy(model, session.operation);
    const version =
      named ??
      (working?.version === undefined
        ? undefined
        : await session.trail.version({ model, version: working.version }));
    return {
      json: {
        model,
        working: working ? workingDocument(working) : null,
        version: version ? versionDocument(version) : null,
        commits: version ? commitDocuments(version) : [],
      },
      text: [
        ...(working ? [workingText(session, model, working, version)] : []),
        ...(version ? [await versionText(session, version)] : []),
      ].join('\n\n'),
    };
  },
});

function workingText(
  session: Session,
  model: string,
  working: WorkingCopy,
  version: Version | undefined,
): string {
  const path = session.paths.shown(model);
  switch (working.state) {
    case 'same':
      return l10n.t('{0} on disk is {1}.', path, version ? versionName(version) : '');
    case 'pointer':
      return pointerText(path, working);
    case 'missing':
      return l10n.t('{0} is not on disk.', path);
    case 'unreadable':
      return l10n.t('{0} cannot be read: {1}', path, working.problem ?? '');
    case 'changed':
    case 'unchecked':
      return l10n.t(
        '{0} on disk is no version yet: {1}, changed {2}. `modeltrail record {0}` keeps it.',
        path,
        formatBytes(working.size ?? 0),
        formatAge(working.time, session.now),
      );
  }
}

function pointerText(path: string, { object }: WorkingCopy): string {
  switch (object) {
    case 'lfs':
      return l10n.t(
        '{0} on disk is a Git LFS pointer whose object is here: `git lfs checkout` puts it in place.',
        path,
      );
    case 'store':
      return l10n.t('{0} on disk is a Git LFS pointer: its bytes are kept here.', path);
    case undefined:
      return l10n.t('{0} on disk is a Git LFS pointer: its bytes are not here.', path);
  }
}

async function versionText(session: Session, version: Version): Promise<string> {
  const { provenance } = version;
  const parent =
    provenance?.parent && (await session.trail.version({ model: version.model, version: provenance.parent }));
  const rows: (readonly [label: string, value: string | false | undefined])[] = [
    [l10n.t('SHA-256'), version.id],
    [l10n.t('Size'), l10n.t('{0} ({1} bytes)', formatBytes(version.size), version.size)],
    [l10n.t('Time'), timeText(version, session.now)],
    [l10n.t('By'), version.by.email ? `${version.by.name} <${version.by.email}>` : version.by.name],
    [l10n.t('Message'), version.message],
    [l10n.t('Note'), version.note],
    [l10n.t('Tags'), version.tags.map((tag) => styled('yellow', tag)).join(', ')],
    [l10n.t('Stage'), version.stage && styled('green', version.stage)],
    [l10n.t('Kept bytes'), version.forgotten && l10n.t('given up')],
    [l10n.t('Bytes'), isElsewhere(version) && l10n.t('not on this machine')],
    [l10n.t('Sources'), version.sources.join(', ')],
    [l10n.t('Commit'), provenance?.commit && commitText(version)],
    [l10n.t('Parent'), parent ? versionName(parent) : provenance?.parent],
  ];
  return [
    styled('bold', session.paths.shown(version.model)) + ' ' + styled(['bold', 'cyan'], versionName(version)),
    indented(rows.flatMap(([label, value]) => (value ? linesOf(label, value) : []))),
    ...section(
      l10n.t('Metrics'),
      Object.entries(version.metrics).map(([name, value]) => [name, formatMetric(value)]),
    ),
    ...section(
      l10n.t('Parameters'),
      Object.entries(version.params).map(([name, value]) => [name, String(value)]),
    ),
    ...section(l10n.t('Seen in Git, newest first'), version.sightings.map(sightingRow)),
  ].join('\n');
}

/** A message or note of several lines has the label before the first. */
function linesOf(label: string, value: string): string[][] {
  const lines = value.trim().split(/\r?\n/);
  return lines.map((line, index) => [index === 0 ? label : '', line]);
}

function timeText({ time, atOrBefore }: Version, now: Date): string {
  const text = `${time} (${formatAge(time, now)})`;
  return atOrBefore
    ? l10n.t('{0} or earlier: the history here is cut off. `git fetch --unshallow` brings the rest', text)
    : text;
}

function commitText({ provenance, atOrBefore }: Version): string {
  const commit = provenance?.commit ?? '';
  if (atOrBefore) return l10n.t('{0} or one before it', commit);
  if (provenance?.branch === undefined) return commit;
  return provenance.dirty
    ? l10n.t('{0} on {1}, with uncommitted changes', commit, provenance.branch)
    : l10n.t('{0} on {1}', commit, provenance.branch);
}

function sightingRow({ commit, time, author, subject, path, lfs }: CommitSighting): string[] {
  return [shortId(commit), time.slice(0, 10), author.name, subject, path, lfs ? 'LFS' : ''];
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, indented(rows)];
}
