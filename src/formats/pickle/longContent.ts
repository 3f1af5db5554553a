import type { FoundTensor } from './foundTensor.ts';
import { pickledBytes } from './ndarray.ts';
import type { Value } from './values.ts';

/** Bytes and texts from here on are a part of the model that has a form of its own, such as the trees of a booster. */
export const longLength = 1024;

export type BoosterFormat = 'xgboost' | 'lightgbm' | 'catboost';

/** What boosters begin with, in Latin-1. */
const marks: readonly (readonly [string, BoosterFormat])[] = [
  ['{L\0\0', 'xgboost'],
  ['tree\n', 'lightgbm'],
  ['CBM1', 'catboost'],
];

export interface LongContent {
  /** Of one element that is no number: longer than before, a text has no other shape. */
  readonly tensor: FoundTensor;
  readonly booster?: BoosterFormat;
}

/** Bytes or a text that is long; undefined for anything else. */
export function longContent(value: Value, path: string): LongContent | undefined {
  if (typeof value === 'string') {
    if (value.length < longLength) return undefined;
    const bytes = Buffer.from(value);
    return content(path || 'text', 'TEXT', { length: bytes.length, head: bytes });
  }
  if (typeof value === 'object' && value?.kind === 'text') {
    const { offset, length, head } = value;
    return content(path || 'text', 'TEXT', { offset, length, head: Buffer.from(head, 'latin1') });
  }
  const bytes = pickledBytes(value);
  return bytes && bytes.length >= longLength ? content(path || 'bytes', 'BYTES', bytes) : undefined;
}

function content(
  name: string,
  dtype: string,
  { offset, length, head }: { offset?: number; length: number; head: Uint8Array },
): LongContent {
  const start = Buffer.from(head.subarray(0, 8)).toString('latin1');
  const booster = marks.find(([mark]) => start.startsWith(mark))?.[1];
  const where =
    offset === undefined ? { place: { kind: 'bytes', bytes: head } as const } : { inline: offset };
  return { tensor: { name, dtype, shape: [], byteLength: length, ...where }, booster };
}
