import type { ParamValue } from '../core/facts.ts';
import { diffValues } from './diffValues.ts';
import type { FileDiff } from './modelDiff.ts';

/** Longer ones, such as large vocabularies, are not taken apart. In characters. */
const maxText = 4_000_000;
const maxValues = 100_000;

type Texts = ReadonlyMap<string, string>;

/** The files with settings that differ. */
export function diffSettings(a: Texts = new Map(), b: Texts = new Map()): FileDiff[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((path): FileDiff[] => {
    const [textA, textB] = [a.get(path), b.get(path)];
    if (textA === textB) return [];
    if (textA === undefined) return [{ path, status: 'added', changes: [] }];
    if (textB === undefined) return [{ path, status: 'removed', changes: [] }];
    const [valuesA, valuesB] = [valuesOf(textA), valuesOf(textB)];
    const changes = valuesA && valuesB ? diffValues(valuesA, valuesB) : [];
    return [{ path, status: 'changed', changes }];
  });
}

/** The values in a JSON text by their path, `a.b.c`; undefined where it is none, or holds too much. */
function valuesOf(text: string): Map<string, ParamValue> | undefined {
  if (text.length > maxText) return undefined;
  const values = new Map<string, ParamValue>();
  try {
    const rest: { readonly path: string; readonly value: unknown }[] = [
      { path: '', value: JSON.parse(text) },
    ];
    for (let next = rest.pop(); next; next = rest.pop()) {
      const { path, value } = next;
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        for (const [key, inner] of Object.entries(value))
          rest.push({ path: path === '' ? key : `${path}.${key}`, value: inner });
      } else values.set(path, Array.isArray(value) ? JSON.stringify(value) : (value as ParamValue));
      if (values.size + rest.length > maxValues) return undefined;
    }
  } catch {
    return undefined;
  }
  return values;
}
