import * as v from 'valibot';
import type { Contract } from '../../rpc/contract.ts';
import { natural, translationsCall } from '../schemas.ts';

const text = v.pipe(v.string(), v.maxLength(100_000));

/** One version among those of all open folders. */
export const versionKeySchema = v.object({
  /** The trail root, absolute. */
  root: text,
  model: text,
  version: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
export type VersionKey = v.InferOutput<typeof versionKeySchema>;

const columnSchema = v.object({
  key: versionKeySchema,
  /** `v4`, else a short hash. */
  name: text,
  /** Index into `models`. */
  model: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** ISO 8601 in UTC. */
  time: text,
  by: text,
  message: text,
  note: v.optional(text),
  tags: v.array(text),
  stage: v.optional(text),
});
export type VersionColumn = v.InferOutput<typeof columnSchema>;

/** JSON, which is what a webview is sent, has no NaN and no infinity; null is no value. */
const numberSchema = v.nullable(v.union([v.number(), v.picklist(['NaN', 'Infinity', '-Infinity'])]));
type SentNumber = v.InferOutput<typeof numberSchema>;

export function sendNumber(value: number | undefined): SentNumber {
  if (value === undefined) return null;
  return Number.isFinite(value) ? value : (String(value) as 'NaN' | 'Infinity' | '-Infinity');
}

export function receiveNumber(sent: SentNumber): number | undefined {
  return sent === null ? undefined : Number(sent);
}

/** What the panel shows: a column per version, oldest first, and of each metric and param the values in that order. */
export const snapshotSchema = v.object({
  /** The label is as short as tells them apart. */
  models: v.array(v.object({ label: text, path: text })),
  versions: v.array(columnSchema),
  metrics: v.array(
    v.object({
      name: text,
      direction: v.picklist(['higher', 'lower', 'unknown']),
      values: v.array(numberSchema),
    }),
  ),
  params: v.array(v.object({ name: text, differs: v.boolean(), values: v.array(v.nullable(text)) })),
  /** How many versions the model has, checked or not; absent where there are several models. */
  total: v.optional(natural),
  /** Asked for, but no longer known. */
  missing: v.array(versionKeySchema),
});
export type CompareSnapshot = v.InferOutput<typeof snapshotSchema>;

/** What brings the panel back after a reload of the window. */
export const compareStateSchema = v.object({
  keys: v.array(versionKeySchema),
  baseline: v.optional(versionKeySchema),
  selected: v.optional(versionKeySchema),
  filter: v.optional(text),
});
export type CompareState = v.InferOutput<typeof compareStateSchema>;

export const compareContract = {
  calls: {
    translations: translationsCall,
    /** What the client asks for when it is ready. */
    snapshot: { args: v.tuple([]), result: snapshotSchema },
    /** Shows a version in the tree. */
    reveal: { args: v.tuple([versionKeySchema]), result: v.undefined() },
    /** Shows what changed inside from one version to another. */
    diff: { args: v.tuple([versionKeySchema, versionKeySchema]), result: v.undefined() },
    /** Compares so many of the newest versions of the model that a version is of. */
    compareNewest: { args: v.tuple([versionKeySchema, natural]), result: v.undefined() },
    /** Puts a text on the clipboard. */
    copy: { args: v.tuple([v.pipe(v.string(), v.maxLength(50_000_000))]), result: v.undefined() },
  },
  /** After a change, to a client that has its snapshot or is about to get it. */
  events: { changed: snapshotSchema },
} satisfies Contract;
