import * as l10n from '@vscode/l10n';
import { type ChangedValues, changedValues } from '../../core/changedValues.ts';
import { versionName } from '../../core/versions.ts';
import type { ModelDiff } from '../../diff/modelDiff.ts';
import { reportMarkdown } from '../../diff/reportMarkdown.ts';
import { defineCommand, type Session } from '../command.ts';
import { diffText } from '../diffText.ts';
import { type NamedSide, diffSides, textOf } from '../diffSide.ts';
import { diffLines } from '../lineDiff.ts';

export const diff = defineCommand({
  name: 'diff',
  summary: () =>
    l10n.t(
      'Show what differs between two versions or files; without B, between a version and the file, or the file and the newest version.',
    ),
  positionals: ['A', '[B]'],
  options: {
    stat: { type: 'boolean', summary: () => l10n.t('Only the verdict, and a line for each module.') },
    markdown: { type: 'boolean', summary: () => l10n.t('Print Markdown, for a pull request.') },
    'exit-code': { type: 'boolean', summary: () => l10n.t('Exit with 1 if the two differ.') },
  },
  async run(session, { positionals, options }) {
    const [a, b] = toldApart(await diffSides(session, positionals), positionals);
    const found = await session.trail.diff(a.target, b.target, session.operation);
    const { identical } = found;
    const lines = identical || options.stat ? [] : await changedLines(session, found, a, b);
    const values = changedValues(a.version, b.version);
    return {
      json: {
        a: sideDocument(a, found.a.size),
        b: sideDocument(b, found.b.size),
        identical,
        diff: found,
        lines,
        ...valuesDocument(values),
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

/** Of two commits that have the same graph with other weights, what was typed tells which is which. */
function toldApart(
  [a, b]: readonly [NamedSide, NamedSide],
  [typedA, typedB]: readonly [string, string | undefined],
): readonly [NamedSide, NamedSide] {
  if (a.title !== b.title || typedB === undefined) return [a, b];
  return [
    { ...a, title: typedA },
    { ...b, title: typedB },
  ];
}

/** The lines of a forest are many, and say nothing to who has read what changed in it. */
function saysMore({ tensors, trees, graph }: ModelDiff): boolean {
  return tensors.entries.length > 0 || trees !== undefined || graph !== undefined;
}

/** Of models that are texts; there are none of others. */
async function changedLines(
  session: Session,
  { a: formatA, b: formatB }: ModelDiff,
  a: NamedSide,
  b: NamedSide,
): Promise<readonly string[]> {
  const textA = await textOf(session, a, formatA);
  const textB = textA === undefined ? undefined : await textOf(session, b, formatB);
  return textA === undefined || textB === undefined ? [] : diffLines(textA, textB);
}

function sideDocument({ title, model, content, version, onDisk }: NamedSide, size: number): object {
  return {
    model: model ?? null,
    id: content ?? null,
    name: version ? versionName(version) : null,
    title,
    onDisk,
    size,
  };
}

function valuesDocument({ metrics, params }: ChangedValues): object {
  return {
    metrics: metrics.map(({ name, a, b, delta }) => ({
      name,
      a: a ?? null,
      b: b ?? null,
      delta: delta?.absolute ?? null,
      verdict: delta?.verdict ?? 'unknown',
    })),
    params: params.map(({ name, a, b }) => ({ name, a: a ?? null, b: b ?? null })),
  };
}
