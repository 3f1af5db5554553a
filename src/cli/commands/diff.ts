import * as l10n from '@vscode/l10n';
import { compareVersions, type Verdict } from '../../core/compare.ts';
import type { ParamValue } from '../../core/facts.ts';
import { versionName } from '../../core/versions.ts';
import type { ModelDiff } from '../../diff/modelDiff.ts';
import { reportMarkdown } from '../../diff/reportMarkdown.ts';
import { defineCommand, type Session } from '../command.ts';
import { diffText } from '../diffText.ts';
import { type DiffSide, diffSide, textOf } from '../diffSide.ts';
import { diffLines } from '../lineDiff.ts';

export const diff = defineCommand({
  name: 'diff',
  summary: () => l10n.t('Show what differs between two versions, or a version and the file on disk.'),
  positionals: ['A', 'B'],
  options: {
    stat: { type: 'boolean', summary: () => l10n.t('Only the verdict, and a line for each module.') },
    markdown: { type: 'boolean', summary: () => l10n.t('Print Markdown, for a pull request.') },
    'exit-code': { type: 'boolean', summary: () => l10n.t('Exit with 1 if the two differ.') },
  },
  async run(session, { positionals, options }) {
    const a = await diffSide(session, positionals[0]);
    const b = await diffSide(session, positionals[1]);
    const found = await session.trail.diff(a.target, b.target, session.operation);
    const { identical } = found;
    const lines = identical || options.stat ? [] : await changedLines(session, found, a, b);
    const values = changedValues(a, b);
    return {
      json: {
        a: sideDocument(a, found.a.size),
        b: sideDocument(b, found.b.size),
        identical,
        diff: found,
        lines,
        ...values,
      },
      text: options.markdown
        ? reportMarkdown(found, { short: options.stat }).trimEnd()
        : diffText({ a: a.title, b: b.title }, found, saysMore(found) ? [] : lines, values, {
            ...session,
            short: options.stat,
          }),
      exitCode: options['exit-code'] && !identical ? 1 : 0,
    };
  },
});

/** The lines of a forest are many, and say nothing to who has read what changed in it. */
function saysMore({ tensors, trees, graph }: ModelDiff): boolean {
  return tensors.entries.length > 0 || trees !== undefined || graph !== undefined;
}

/** Of models that are texts; there are none of others. */
async function changedLines(
  session: Session,
  { a: formatA, b: formatB }: ModelDiff,
  a: DiffSide,
  b: DiffSide,
): Promise<readonly string[]> {
  const textA = await textOf(session, a, formatA);
  const textB = textA === undefined ? undefined : await textOf(session, b, formatB);
  return textA === undefined || textB === undefined ? [] : diffLines(textA, textB);
}

function sideDocument({ title, model, content, version, onDisk }: DiffSide, size: number): object {
  return {
    model: model ?? null,
    id: content ?? null,
    name: version ? versionName(version) : null,
    title,
    onDisk,
    size,
  };
}

export interface ChangedValues {
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
function changedValues({ version: a }: DiffSide, { version: b }: DiffSide): ChangedValues {
  if (!a || !b || (a.model === b.model && a.id === b.id)) return { metrics: [], params: [] };
  const { versions, metrics, params } = compareVersions([a, b], a);
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
