import * as l10n from '@vscode/l10n';
import { displayText } from '../formats/displayText.ts';
import type { ModelSummary } from '../formats/summary.ts';
import { groupBy } from '../core/groupBy.ts';
import type { Alarm } from './modelDiff.ts';
import type { Signature } from './structureDiff.ts';
import type { NonFinite, TensorEntry } from './tensorsDiff.ts';

const maxSubjects = 100;

/** What hardly anybody means to happen. */
export function alarmsOf(
  a: ModelSummary,
  b: ModelSummary,
  entries: readonly TensorEntry[],
  signature: Signature | undefined,
): Alarm[] {
  return [
    ...signatureAlarms(signature),
    ...nonFiniteAlarms(entries),
    ...narrowedAlarms(entries),
    ...untiedAlarms(entries),
    ...importAlarms(a, b),
    ...findingAlarms(a, b),
  ];
}

function signatureAlarms(signature: Signature | undefined): Alarm[] {
  if (signature !== 'breaking') return [];
  const message = l10n.t('The inputs or outputs changed in a way that breaks what calls the model.');
  return [{ kind: 'signatureBroken', message, subjects: [] }];
}

function nonFiniteAlarms(entries: readonly TensorEntry[]): Alarm[] {
  const infinite = ({ positiveInfinity, negativeInfinity }: NonFinite): number =>
    positiveInfinity + negativeInfinity;
  const withMore = (count: (numbers: NonFinite) => number): string[] =>
    entries.flatMap(({ difference, b }) =>
      difference && b && count(difference.b) > count(difference.a) ? [b.name] : [],
    );
  const nan = withMore((numbers) => numbers.nan);
  const infinity = withMore(infinite);
  return [
    ...alarm('nanAppeared', nan, (count, first) =>
      count === 1
        ? l10n.t('{0} has more NaN than before.', first)
        : l10n.t('{0} tensors have more NaN than before, {1} among them.', count, first),
    ),
    ...alarm('infinityAppeared', infinity, (count, first) =>
      count === 1
        ? l10n.t('{0} has more infinite values than before.', first)
        : l10n.t('{0} tensors have more infinite values than before, {1} among them.', count, first),
    ),
  ];
}

function narrowedAlarms(entries: readonly TensorEntry[]): Alarm[] {
  const narrowed = entries.flatMap(({ a, b, retyped }) =>
    a && b && retyped && bitsOf(b.dtype) < bitsOf(a.dtype) ? [{ a, b }] : [],
  );
  return [...groupBy(narrowed, ({ a, b }) => `${a.dtype}\0${b.dtype}`).values()].flatMap((group) => {
    const [from, to] = [group[0]?.a.dtype ?? '', group[0]?.b.dtype ?? ''].map(displayText);
    return alarm(
      'dtypeNarrowed',
      group.map(({ b }) => b.name),
      (count, first) =>
        count === 1
          ? l10n.t('{0} went from {1} to {2}, which is less exact.', first, from ?? '', to ?? '')
          : l10n.t('{0} tensors went from {1} to {2}, which is less exact.', count, from ?? '', to ?? ''),
    );
  });
}

/** By the first number in its name (`BF16`, `Q4_K`, `F8_E4M3`); NaN, which is never less, for a name without one. */
function bitsOf(dtype: string): number {
  if (dtype === 'BOOL') return 1;
  return Number(/\d+/.exec(dtype)?.[0]);
}

function untiedAlarms(entries: readonly TensorEntry[]): Alarm[] {
  const untied = entries.flatMap(({ a, b }) =>
    b && a?.sharesStorageWith !== undefined && b.sharesStorageWith === undefined ? [{ a, b }] : [],
  );
  // That it shares with nobody may be because the other, which shared with it, comes behind it now.
  const shared = new Set(entries.flatMap(({ b }) => b?.sharesStorageWith ?? []));
  return alarm(
    'weightsUntied',
    untied.map(({ b }) => b.name).filter((name) => !shared.has(name)),
    (count, first) =>
      count === 1
        ? l10n.t('{0} shared its values with another tensor and does not any more.', first)
        : l10n.t('{0} tensors shared their values with others and do not any more.', count),
  );
}

function importAlarms(a: ModelSummary, b: ModelSummary): Alarm[] {
  const importsOf = ({ metadata }: ModelSummary): string[] =>
    (metadata.get('imports') ?? '').split(', ').filter((name) => name !== '');
  const known = new Set(importsOf(a));
  // Of a file that is no pickle all would be new; what none needs is a finding of the file anyway.
  if (known.size === 0) return [];
  const added = importsOf(b).filter((name) => !known.has(name));
  return alarm('importAdded', added, (count, first) =>
    count === 1
      ? l10n.t('Loading the file imports {0}, which it did not before.', first)
      : l10n.t('Loading the file imports {0} things that it did not before, {1} among them.', count, first),
  );
}

function findingAlarms(a: ModelSummary, b: ModelSummary): Alarm[] {
  const known = new Set(a.findings.map(({ message }) => message));
  return b.findings
    .filter(({ message }) => !known.has(message))
    .map(({ message }) => ({ kind: 'findingAppeared', message, subjects: [] }));
}

function alarm(
  kind: Alarm['kind'],
  subjects: readonly string[],
  message: (count: number, first: string) => string,
): Alarm[] {
  const [first] = subjects;
  if (first === undefined) return [];
  return [
    { kind, message: message(subjects.length, displayText(first)), subjects: subjects.slice(0, maxSubjects) },
  ];
}
