import { isPair, isScalar, visit, type Document } from 'yaml';

/** A string of JSON, and the colon behind one that is a name. */
const string = /"[^"\\]*(?:\\.[^"\\]*)*"\s*(:)?/g;

/** JSON.parse keeps the last value of a name and tells nothing: but then it has fewer names than the text. */
export function namesAreRepeated(json: string, parsed: unknown): boolean {
  let names = 0;
  for (const [, colon] of json.matchAll(string)) if (colon) names++;
  return names !== nameCount(parsed);
}

function nameCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce((count: number, item) => count + nameCount(item), 0);
  return Array.isArray(value) ? inner : inner + Object.keys(value).length;
}

/** Names with the places they are in, `a.b`, that are given two different values there. */
export function repeatedNames(document: Document): string[] {
  const repeated = new Set<string>();
  visit(document, {
    Map(_key, { items }, path) {
      const place = path.flatMap((node) => (isPair(node) ? [nameOf(node.key)] : []));
      const values = new Map<string, unknown>();
      for (const { key, value } of items) {
        const name = nameOf(key);
        if (values.has(name) && !areSame(values.get(name), value)) repeated.add([...place, name].join('.'));
        values.set(name, value);
      }
    },
  });
  return [...repeated];
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function areSame(a: unknown, b: unknown): boolean {
  return isScalar(a) && isScalar(b) && Object.is(a.value, b.value);
}
