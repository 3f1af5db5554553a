import * as vscode from 'vscode';
import type { Metrics } from '../core/facts.ts';
import { shortId } from '../core/shortId.ts';
import { isElsewhere, type SourceKind, type Version, versionName } from '../core/versions.ts';
import { headline } from './headline.ts';
import { stateText } from './modelItems.ts';
import type { ModelNode, SeriesNode, VersionNode, WorkingNode } from './nodes.ts';
import { countText, newestOf, pathOfSeries, statesIn } from './seriesItem.ts';
import { escapeMarkdown, formatBytes, formatMetric, fullTime, listOf, relativeTime } from './text.ts';

/** Enough to tell by eye; the whole is a command away. */
const shownHash = 24;
/** More would not fit on a screen. */
const shownRows = 30;

/** What is known of a version. All that comes from files or people is escaped, and the text is not trusted: no command links. */
export async function versionTooltip(node: VersionNode): Promise<vscode.MarkdownString> {
  const { version, metricsBefore, parent } = node;
  const { l10n } = vscode;
  const lines = [heading(l10n.t('{0} of {1}', versionName(version), parent.path))];
  if (version.message !== '') lines.push(escapeMarkdown(version.message));
  if (version.note) lines.push(`> ${escapeMarkdown(version.note)}`);
  lines.push(
    facts([
      version.atOrBefore
        ? [l10n.t('Time'), l10n.t('{0} or earlier: the history here is cut off', fullTime(version.time))]
        : [l10n.t('By'), l10n.t('{0}, {1}', version.by.name, fullTime(version.time))],
      [l10n.t('Tags'), version.tags.length > 0 ? listOf(version.tags) : undefined],
      [l10n.t('Stage'), version.stage],
      [l10n.t('Size'), formatBytes(version.size)],
      [l10n.t('Files'), version.files === undefined ? undefined : String(version.files)],
      [l10n.t('Kept bytes'), version.forgotten ? l10n.t('Given up') : undefined],
      [l10n.t('Bytes'), isElsewhere(version) ? l10n.t('Not on this machine') : undefined],
      ['SHA-256', `${version.id.slice(0, shownHash)}…`],
      [l10n.t('Known from'), listOf(version.sources.map(sourceName))],
      ...provenanceOf(version, await madeFrom(node)),
    ]),
  );
  lines.push(table(l10n.t('Metric'), metricsOf(version, metricsBefore)));
  lines.push(
    table(
      l10n.t('Param'),
      Object.entries(version.params).map(([name, value]) => [name, String(value)]),
    ),
  );
  return markdown(lines);
}

/** The one that the row shows with an arrow says what that means. */
function metricsOf(version: Version, before: Metrics | undefined): [string, string][] {
  const { l10n } = vscode;
  const shown = headline(version.metrics, before);
  return Object.entries(version.metrics).map(([name, value]) => {
    const text = formatMetric(value);
    if (name !== shown?.name) return [name, text];
    if (shown.trend === 'better') return [name, l10n.t('{0}, better than before', text)];
    return [name, shown.trend === 'worse' ? l10n.t('{0}, worse than before', text) : text];
  });
}

export function modelTooltip({ path, row }: ModelNode): vscode.MarkdownString {
  const { l10n } = vscode;
  const { latest } = row;
  return markdown([
    heading(path),
    facts([
      [l10n.t('Working copy'), stateText(row, row.working.version === latest?.id ? latest : undefined)],
      [row.historyHidden ? l10n.t('Recorded versions') : l10n.t('Versions'), String(row.versions)],
      [
        l10n.t('Latest'),
        latest && [versionName(latest), latest.message].filter((part) => part !== '').join('  '),
      ],
    ]),
  ]);
}

export function seriesTooltip(node: SeriesNode): vscode.MarkdownString {
  const { l10n } = vscode;
  const rows = node.shown.map(({ row }) => row);
  const newest = newestOf(node);
  return markdown([
    heading(pathOfSeries(node)),
    facts([
      [l10n.t('Models'), countText(node)],
      [l10n.t('Working copies'), listOf(statesIn(node.shown).map(([, text]) => text))],
      [l10n.t('Versions'), String(rows.reduce((sum, { versions }) => sum + versions, 0))],
      [l10n.t('Size'), formatBytes(rows.reduce((sum, { working }) => sum + (working.size ?? 0), 0))],
      [l10n.t('Written last'), newest && l10n.t('{0}, {1}', newest.name, relativeTime(newest.time, 'long'))],
    ]),
  ]);
}

export function workingTooltip({ parent, version }: WorkingNode): vscode.MarkdownString {
  const { l10n } = vscode;
  const { working } = parent.row;
  return markdown([
    heading(l10n.t('Working copy of {0}', parent.path)),
    facts([
      [l10n.t('State'), stateText(parent.row, version)],
      [l10n.t('Problem'), working.problem],
      [l10n.t('Size'), working.size === undefined ? undefined : formatBytes(working.size)],
      [l10n.t('Files'), working.files === undefined ? undefined : String(working.files)],
      [l10n.t('Changed'), working.time === undefined ? undefined : fullTime(working.time)],
    ]),
  ]);
}

function provenanceOf(
  { provenance, sightings }: Version,
  origin: string | undefined,
): [string, string | undefined][] {
  const { l10n } = vscode;
  const commit = provenance?.commit && shortId(provenance.commit);
  const renamed = new Set(sightings.map((sighting) => sighting.path));
  return [
    [
      l10n.t('Commit'),
      commit && (provenance?.dirty ? l10n.t('{0}, with changes not committed', commit) : commit),
    ],
    [l10n.t('Branch'), provenance?.branch],
    [l10n.t('Made from'), origin],
    [l10n.t('Paths in Git'), renamed.size > 1 ? listOf([...renamed]) : undefined],
  ];
}

/** What the version that it was made from is called; a hash is all that is known of one of another branch. */
async function madeFrom({ version, parent: { trail, path } }: VersionNode): Promise<string | undefined> {
  const id = version.provenance?.parent;
  if (id === undefined) return undefined;
  const known = await trail.api.version({ model: path, version: id }).catch(() => undefined);
  return known ? versionName(known) : shortId(id);
}

function sourceName(source: SourceKind): string {
  switch (source) {
    case 'recorded':
      return vscode.l10n.t('Modeltrail');
    case 'git':
      return vscode.l10n.t('Git');
    case 'lfs':
      return vscode.l10n.t('Git LFS');
  }
}

function heading(text: string): string {
  return `**${escapeMarkdown(text)}**`;
}

/** Two columns without a heading: Markdown wants one, so it is empty. */
function facts(rows: readonly (readonly [string, string | undefined])[]): string {
  return tableOf(
    '',
    '',
    rows.filter((row): row is readonly [string, string] => Boolean(row[1])),
  );
}

function table(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  const more = rows.length - shownRows;
  const text = tableOf(title, vscode.l10n.t('Value'), rows.slice(0, shownRows));
  return more > 0 ? `${text}\n\n${escapeMarkdown(vscode.l10n.t('and {0} more', more))}` : text;
}

function tableOf(left: string, right: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `| ${escapeMarkdown(name)} | ${escapeMarkdown(value)} |`);
  return [`| ${escapeMarkdown(left)} | ${escapeMarkdown(right)} |`, '| :-- | :-- |', ...lines].join('\n');
}

function markdown(lines: readonly string[]): vscode.MarkdownString {
  return new vscode.MarkdownString(lines.filter((line) => line !== '').join('\n\n'));
}
