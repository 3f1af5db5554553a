import * as l10n from '@vscode/l10n';
import { compareVersions, type Verdict } from '../../core/compare.ts';
import type { ParamValue } from '../../core/facts.ts';
import { formatDelta, formatMetric } from '../../core/formatNumber.ts';
import { type Version, versionName, type WorkingCopy } from '../../core/versions.ts';
import { defineCommand, type Session } from '../command.ts';
import { diffLines } from '../lineDiff.ts';
import { resolve, versionOf } from '../references.ts';
import { styled, verdictStyled } from '../style.ts';
import { indented } from '../table.ts';

export const diff = defineCommand({
  name: 'diff',
  summary: () => l10n.t('Show what differs between two versions, or a version and the file on disk.'),
  positionals: ['A', 'B'],
  options: {
    'exit-code': { type: 'boolean', summary: () => l10n.t('Exit with 1 if the two differ.') },
  },
  async run(session, { positionals, options }) {
    const a = await sideOf(session, positionals[0]);
    const b = await sideOf(session, positionals[1]);
    const lines = diffLines(a.manifest, b.manifest);
    const identical =
      a.content !== undefined ? a.content === b.content : b.content === undefined && lines.length === 0;
    const values = changedValues(a, b);
    return {
      json: { a: sideDocument(a), b: sideDocument(b), identical, lines, ...values },
      text: identical
        ? l10n.t('{0} and {1} have the same content.', a.title, b.title)
        : diffText(a, b, lines, values),
      exitCode: options['exit-code'] && !identical ? 1 : 0,
    };
  },
});

interface Side {
  readonly title: string;
  readonly model: string;
  readonly version?: Version;
  readonly working?: WorkingCopy;
  /** The SHA-256, where it is that of a version. */
  readonly content?: string;
  readonly manifest: string;
}

async function sideOf(session: Session, reference: string): Promise<Side> {
  const { trail, operation } = session;
  const { model, version: named } = await resolve(session, reference);
  const working = named ? undefined : await trail.checkWorkingCopy(model, operation);
  const version =
    named ?? (working?.version === undefined ? undefined : await versionOf(session, model, working.version));
  const path = session.paths.shown(model);
  return {
    title: named ? `${path}@${versionName(named)}` : l10n.t('{0} (on disk)', path),
    model,
    version,
    working,
    content: named?.id ?? working?.version,
    manifest: await trail.manifest({ model, version: named?.id }, operation),
  };
}

function sideDocument({ model, content, version, working }: Side): Readonly<Record<string, unknown>> {
  return {
    model,
    id: content ?? null,
    name: version ? versionName(version) : null,
    onDisk: working !== undefined,
    size: working?.size ?? version?.size ?? null,
  };
}

interface ChangedValues {
  readonly metrics: readonly {
    readonly name: string;
    readonly a: number | null;
    readonly b: number | null;
    readonly delta: number | null;
    readonly verdict: Verdict;
  }[];
  readonly params: readonly { readonly name: string; readonly a: ParamValue; readonly b: ParamValue }[];
}

/** What a file on disk scores is not known before it is recorded, so that is no change. */
function changedValues({ version: a }: Side, { version: b }: Side): ChangedValues {
  if (!a || !b || a.id === b.id) return { metrics: [], params: [] };
  const { versions, metrics, params } = compareVersions([a, b], a.id);
  const [columnA, columnB] = [versions.indexOf(a), versions.indexOf(b)];
  return {
    metrics: metrics.flatMap(({ name, values, deltas }) => {
      const delta = deltas[columnB];
      if (delta?.verdict === 'same') return [];
      return {
        name,
        a: values[columnA] ?? null,
        b: values[columnB] ?? null,
        delta: delta?.absolute ?? null,
        verdict: delta?.verdict ?? 'unknown',
      };
    }),
    params: params
      .filter((row) => row.differs)
      .map(({ name, values }) => ({ name, a: values[columnA] ?? null, b: values[columnB] ?? null })),
  };
}

function diffText(a: Side, b: Side, lines: readonly string[], { metrics, params }: ChangedValues): string {
  const shown = (value: number | null): string => (value === null ? '-' : formatMetric(value));
  const sections = [
    [styled('bold', `--- ${a.title}`), styled('bold', `+++ ${b.title}`), ...lines.map(colouredLine)].join(
      '\n',
    ),
    section(
      l10n.t('Metrics:'),
      metrics.map(({ name, a, b, delta, verdict }) => [
        name,
        shown(a),
        '→',
        shown(b),
        delta === null ? '' : verdictStyled(verdict, formatDelta(delta)),
      ]),
    ),
    section(
      l10n.t('Parameters:'),
      params.map(({ name, a, b }) => [name, String(a ?? '-'), '→', String(b ?? '-')]),
    ),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : `${title}\n${indented(rows)}`;
}

function colouredLine(line: string): string {
  if (line.startsWith('@@')) return styled('cyan', line);
  if (line.startsWith('-')) return styled('red', line);
  return line.startsWith('+') ? styled('green', line) : line;
}
