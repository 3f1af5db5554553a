import type { Metrics, Params, ParamValue } from './facts.ts';

export type Values = Readonly<{ metrics: Metrics; params: Params }>;

/** A metric or param that has one value in what is known and another one in what is said. */
export interface Contradiction {
  readonly kind: 'metric' | 'param';
  readonly name: string;
  readonly known: ParamValue;
  readonly said: ParamValue;
}

/** Where values contradict what is known: then they are those of something else. */
export function contradictionsIn(known: Values, said: Values): readonly Contradiction[] {
  return [
    ...othersIn('metric', known.metrics, said.metrics),
    ...othersIn('param', known.params, said.params),
  ];
}

function othersIn(kind: Contradiction['kind'], known: Params, said: Params): Contradiction[] {
  return Object.entries(said).flatMap(([name, value]) => {
    const before = Object.hasOwn(known, name) ? known[name] : undefined;
    return before === undefined || isSame(before, value) ? [] : [{ kind, name, known: before, said: value }];
  });
}

/** Whether there is anything in some values that is not known. */
export function saysMore(known: Values, said: Values): boolean {
  const isNews = (known: Params, said: Params): boolean =>
    Object.entries(said).some(([name, value]) => !Object.hasOwn(known, name) || !isSame(known[name], value));
  return isNews(known.metrics, said.metrics) || isNews(known.params, said.params);
}

/** NaN is still NaN, and what was -0 is 0 in the journal: `includes` sees no difference. */
function isSame(a: ParamValue | undefined, b: ParamValue): boolean {
  return [a].includes(b);
}

/** Metrics and params without those of some names. */
export function withoutNames(values: Values, names: ReadonlySet<string>): Values {
  const rest = <T>(some: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(some).filter(([name]) => !names.has(name)));
  return { metrics: rest(values.metrics), params: rest(values.params) };
}
