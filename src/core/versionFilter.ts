import * as l10n from '@vscode/l10n';
import { TrailError } from './errors.ts';
import type { Params, ParamValue } from './facts.ts';
import { type FilterWord, filterWords } from './filterWords.ts';
import { parseMetricValue } from './metricValue.ts';
import { matchVersions } from './references.ts';
import { sourceKinds, type Version } from './versions.ts';

/** Tells of a version whether it is meant. */
export type VersionTest = (version: Version) => boolean;

/**
 * What a filter means: words that must all hold. A word is a text to look for, `tag:`, `stage:`, `source:` or `model:` with a name, or a
 * comparison such as `f1>0.9`; with `-` or `!` before it, it must not hold. What is in quotes means nothing but itself.
 * @throws TrailError `usage`, whose message quotes the part that is wrong
 */
export function parseFilter(filter: string): VersionTest {
  const terms = filterWords(filter).map(termOf);
  return (version) => terms.every((holds) => holds(version));
}

function termOf({ written, text, bare }: FilterWord): VersionTest {
  if (!/^[-!]/.test(bare)) return positiveTerm({ written, text, bare });
  const holds = positiveTerm({ written, text: text.slice(1), bare: bare.slice(1) });
  return (version) => !holds(version);
}

function positiveTerm({ written, text, bare }: FilterWord): VersionTest {
  if (text === '') throw wrong(l10n.t('{0} does not say what to look for.', written));
  const [prefix, key = ''] = /^([a-z]+):/i.exec(bare) ?? [];
  const label = labels.get(key.toLowerCase());
  if (prefix !== undefined && label) {
    const wanted = text.slice(prefix.length).toLowerCase();
    if (wanted === '') throw wrong(l10n.t('After {0} a name is missing.', written));
    if (key.toLowerCase() === 'source' && !sourceKinds.some((kind) => kind === wanted))
      throw wrong(l10n.t('{0} names no source: there are {1}.', written, sourceKinds.join(', ')));
    return (version) => label(version, wanted);
  }
  const [operator] = /!?[<>=]+/.exec(bare) ?? [];
  if (operator !== undefined) {
    const at = bare.indexOf(operator);
    return comparison(text.slice(0, at), operator, text.slice(at + operator.length), written);
  }
  if (prefix === undefined) return containing(text);
  throw wrong(
    l10n.t('{0} is none of tag:, stage:, source: and model:. A text with a colon goes in quotes.', prefix),
  );
}

/** In its own words and names; a hash or a number counts as in a reference, where `v4` is not `v40`. */
function containing(text: string): VersionTest {
  const wanted = text.toLowerCase();
  return (version) => {
    const { model, message, note = '', stage = '', tags } = version;
    const said = [model, message, note, stage, ...tags];
    return said.some((words) => isIn(wanted, words)) || matchVersions(text, [version]).length > 0;
  };
}

function isIn(wanted: string, words: string): boolean {
  return words.toLowerCase().includes(wanted);
}

/** Whether what a word says of a version, in small letters, holds. */
type Label = (version: Version, wanted: string) => boolean;

const labels: ReadonlyMap<string, Label> = new Map<string, Label>([
  ['tag', ({ tags }, wanted) => tags.some((tag) => tag.toLowerCase() === wanted)],
  ['stage', ({ stage = 'none' }, wanted) => stage.toLowerCase() === wanted],
  ['source', ({ sources }, wanted) => sources.some((source) => source === wanted)],
  ['model', ({ model }, wanted) => isIn(wanted, model)],
]);

const orders: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
]);

/** Of a metric or param, which a version must have for any comparison to hold, also for `!=`. */
function comparison(name: string, operator: string, text: string, written: string): VersionTest {
  const order = orders.get(operator);
  if (!order && !['=', '==', '!='].includes(operator))
    throw wrong(l10n.t('{0} in {1} is none of > >= < <= = and !=.', operator, written));
  if (name === '')
    throw wrong(l10n.t('Before {0} in {1} the name of a metric or param is missing.', operator, written));
  if (text === '') throw wrong(l10n.t('After {0} a value is missing.', written));
  const number = parseMetricValue(text);
  if (!order) {
    const isEqual = equalTo(text.toLowerCase(), number);
    const isMeant = (value: ParamValue): boolean => isEqual(value) !== (operator === '!=');
    return (version) => valuesOf(version, name).some(isMeant);
  }
  if (number === undefined || Number.isNaN(number))
    throw wrong(
      l10n.t(
        '"{0}" in {1} is not a number such as 0.9. A text with {2} in it goes in quotes.',
        text,
        written,
        operator,
      ),
    );
  return (version) =>
    valuesOf(version, name).some((value) => typeof value === 'number' && order(value, number));
}

function equalTo(text: string, number: number | undefined): (value: ParamValue) => boolean {
  return (value) =>
    typeof value === 'number'
      ? value === number || (Number.isNaN(value) && Number.isNaN(number))
      : String(value).toLowerCase() === text;
}

/** A name in another case counts where there is none as it is written. */
function valuesOf({ metrics, params }: Version, name: string): readonly ParamValue[] {
  const all: readonly Params[] = [metrics, params];
  const exact = all.flatMap((values) => (Object.hasOwn(values, name) ? (values[name] ?? null) : []));
  if (exact.length > 0) return exact;
  const wanted = name.toLowerCase();
  return all.flatMap((values) =>
    Object.keys(values)
      .filter((name) => name.length === wanted.length && name.toLowerCase() === wanted)
      .map((name) => values[name] ?? null),
  );
}

function wrong(message: string): TrailError {
  return new TrailError('usage', message);
}
