import { createHash } from 'node:crypto';
import type { ParamValue } from '../core/facts.ts';
import { compareNaturally } from '../core/naturalOrder.ts';
import type { ValueChange } from './valueChange.ts';

/** Longer texts are cut. In characters. */
const maxText = 2000;

/** The values that differ, by name. */
export function diffValues(
  a: ReadonlyMap<string, ParamValue>,
  b: ReadonlyMap<string, ParamValue>,
): ValueChange[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((name) => a.has(name) !== b.has(name) || !Object.is(a.get(name), b.get(name)))
    .sort(compareNaturally)
    .map((name) => ({ name, a: shown(a.get(name)), b: shown(b.get(name)) }));
}

/** As JSON can hold it; two different texts must not be cut to the same. */
function shown(value: ParamValue | undefined): ParamValue | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'string' || value.length <= maxText) return value;
  const digest = createHash('sha256').update(value).digest('hex').slice(0, 12);
  return `${value.slice(0, maxText)}… (${value.length} characters, sha256 ${digest})`;
}
