import { globalName, isCall, sequence, type PyCall, type PyDict, type Value } from './values.ts';

/** Functions that make an object of the class that is their first argument. */
const makers: ReadonlySet<string> = new Set([
  'copyreg._reconstructor',
  'copyreg.__newobj__',
  'copyreg.__newobj_ex__',
]);

/** `module.name` of the class of an object, or of the function that makes it. */
export function classOf(call: PyCall): string | undefined {
  const name = globalName(call.callable);
  if (name !== undefined && makers.has(name)) return globalName(sequence(call.args)?.[0]);
  if (name !== undefined) return name;
  // PyTorch before 0.4 put the class, with its source, beside the pickle.
  const { callable } = call;
  if (typeof callable === 'object' && callable?.kind === 'persistent') {
    const [first, second] = sequence(callable.id) ?? [];
    return globalName(first === 'module' ? second : first);
  }
  return undefined;
}

/** What an object would have as attributes; undefined when it is not known to have any. */
export function attributesOf(value: Value): ReadonlyMap<string, Value> | undefined {
  return isCall(value) ? readAttributes(value) : undefined;
}

const readAttributes = remembered((call: PyCall): ReadonlyMap<string, Value> | undefined => {
  const { state } = call;
  if (state === undefined) return undefined;
  const direct = entriesByName(state);
  if (direct) return direct;
  // With slots: those with a dictionary, and those without.
  const parts = sequence(state);
  if (parts?.length !== 2) return undefined;
  const [dictionary, slots] = parts.map((part) => entriesByName(part));
  return dictionary || slots ? new Map([...(dictionary ?? []), ...(slots ?? [])]) : undefined;
});

function entriesByName(value: Value): ReadonlyMap<string, Value> | undefined {
  if (typeof value !== 'object' || value?.kind !== 'dict') return undefined;
  const named = new Map<string, Value>();
  for (const [key, item] of pairsOf(value.entries)) if (typeof key === 'string') named.set(key, item);
  return named;
}

const dictionaries: ReadonlySet<string> = new Set([
  'collections.OrderedDict',
  'collections.defaultdict',
  'collections.Counter',
  'builtins.dict',
]);
/** Whose attributes are what others have as entries. */
const namespaces: ReadonlySet<string> = new Set(['argparse.Namespace', 'types.SimpleNamespace']);

type Pairs = readonly (readonly [Value, Value])[];

/** The keys and values of a dictionary of any kind. */
export function dictionaryOf(value: Value): Pairs | undefined {
  if (typeof value !== 'object' || (value?.kind !== 'dict' && value?.kind !== 'call')) return undefined;
  return readDictionary(value);
}

const readDictionary = remembered((value: PyDict | PyCall): Pairs | undefined => {
  if (value.kind === 'dict') return pairsOf(value.entries);
  if (value.entries && value.entries.length > 0) return pairsOf(value.entries);
  const name = classOf(value) ?? '';
  if (namespaces.has(name)) return [...(attributesOf(value) ?? [])];
  if (!dictionaries.has(name)) return undefined;
  // Python 2 gives the entries as a list of pairs.
  const listed = sequence(sequence(value.args)?.[0]) ?? [];
  return listed.flatMap((pair) => {
    const [key, item] = sequence(pair) ?? [];
    return key === undefined || item === undefined ? [] : [[key, item] as const];
  });
});

export function entryOf(value: Value, name: string): Value | undefined {
  return dictionaryOf(value)?.findLast(([key]) => key === name)?.[1];
}

function pairsOf(entries: readonly Value[]): Pairs {
  const pairs: (readonly [Value, Value])[] = [];
  for (let at = 0; at + 1 < entries.length; at += 2)
    pairs.push([entries[at] ?? null, entries[at + 1] ?? null]);
  return pairs;
}

const collections: ReadonlySet<string> = new Set([
  'builtins.set',
  'builtins.frozenset',
  'builtins.list',
  'builtins.tuple',
  'collections.deque',
  'torch.Size',
]);

/** The items of a list, tuple or set of any kind. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  if (!isCall(value)) return sequence(value);
  if (value.items && value.items.length > 0) return value.items;
  if (!collections.has(classOf(value) ?? '')) return undefined;
  return sequence(sequence(value.args)?.[0]) ?? [];
}

/** @returns undefined unless all are whole numbers that can be lengths */
export function lengthsOf(value: Value | undefined): readonly number[] | undefined {
  const items = value === undefined ? undefined : itemsOf(value);
  if (!items || items.length > 64) return undefined;
  const lengths = items.filter((item): item is number => Number.isSafeInteger(item) && Number(item) >= 0);
  return lengths.length === items.length ? lengths : undefined;
}

/** Many can share one large object, which must not cost its size each time. */
function remembered<Key extends object, Result>(compute: (key: Key) => Result): (key: Key) => Result {
  const results = new WeakMap<Key, { readonly result: Result }>();
  return (key) => {
    let known = results.get(key);
    if (!known) {
      known = { result: compute(key) };
      results.set(key, known);
    }
    return known.result;
  };
}
