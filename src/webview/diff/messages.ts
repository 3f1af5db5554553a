import * as v from 'valibot';
import type { ModelDiff } from '../../diff/modelDiff.ts';
import type { Contract } from '../../rpc/contract.ts';
import { natural, statisticsSchema, tableStateSchema, text, translationsCall } from '../schemas.ts';

/** A version, or without one the working copy, among all open folders. */
const sideKeySchema = v.object({
  /** The trail root, absolute. */
  root: text,
  model: text,
  version: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});
export type SideKey = v.InferOutput<typeof sideKeySchema>;

const pairSchema = v.object({ a: sideKeySchema, b: sideKeySchema });
export type SidePair = v.InferOutput<typeof pairSchema>;

const sideSchema = v.object({
  key: sideKeySchema,
  /** `v4`, a short hash, or that it is the working copy. */
  name: text,
  message: text,
  /** How long ago, in words, and when exactly; empty where it is not known. */
  age: text,
  time: text,
  tags: v.array(text),
  stage: v.optional(text),
});
export type Side = v.InferOutput<typeof sideSchema>;

const valueRowSchema = v.object({
  name: text,
  /** Absent where a side has no such value. */
  a: v.optional(text),
  b: v.optional(text),
  /** Of a metric: the difference, and whether it is good. */
  delta: v.optional(text),
  verdict: v.optional(v.picklist(['better', 'worse', 'same', 'unknown'])),
});
export type ValueRow = v.InferOutput<typeof valueRowSchema>;

/** What is known of both without reading them. */
const sidesSchema = v.object({
  a: sideSchema,
  b: sideSchema,
  /** That differ; a working copy that was not recorded has none that are known. */
  metrics: v.array(valueRowSchema),
  params: v.array(valueRowSchema),
  /** Another one whenever the bytes of a side may be others than before. */
  stamp: text,
});
export type Sides = v.InferOutput<typeof sidesSchema>;

const valuesSchema = v.object({ statistics: v.optional(statisticsSchema), obstacle: v.optional(text) });
const comparisonSchema = v.object({
  a: v.optional(valuesSchema),
  b: v.optional(valuesSchema),
  histogram: v.optional(
    v.object({
      from: v.number(),
      to: v.number(),
      a: v.optional(v.array(natural)),
      b: v.optional(v.array(natural)),
    }),
  ),
});
export type Comparison = v.InferOutput<typeof comparisonSchema>;
export type BothHistograms = NonNullable<Comparison['histogram']>;

/** The diff of large models is tens of megabytes: it comes as JSON text, in pieces that hold nothing up. */
const piecesSchema = v.object({ pieces: natural });

const listed = v.looseObject({});
const diffSchema = v.looseObject({
  schemaVersion: v.literal(1),
  a: listed,
  b: listed,
  identical: v.boolean(),
  verdict: v.looseObject({ text: v.string(), alarms: v.array(listed) }),
  tensors: v.looseObject({ entries: v.array(v.unknown()), modules: v.array(v.unknown()) }),
  hyperparameters: v.array(listed),
  metadata: v.array(listed),
  files: v.array(listed),
  notes: v.array(v.string()),
});
/** Our own engine wrote it, so its outline is all that is looked at. */
export function parseDiff(json: string): ModelDiff {
  return v.parse(diffSchema, JSON.parse(json)) as unknown as ModelDiff;
}

export const tabNames = ['tensors', 'graph', 'trees', 'settings', 'metrics'] as const;
export type TabName = (typeof tabNames)[number];

const tensorsStateSchema = v.object({
  ...tableStateSchema.entries,
  toggled: v.optional(v.array(text)),
  /** What did not change, too. */
  all: v.optional(v.boolean()),
});
export type TensorsState = v.InferOutput<typeof tensorsStateSchema>;

/** What is as it was after the page was hidden, or the window reloaded. */
export const diffStateSchema = v.object({
  pair: v.optional(pairSchema),
  tab: v.optional(v.picklist(tabNames)),
  tensors: v.optional(tensorsStateSchema),
  nodes: v.optional(tableStateSchema),
  trees: v.optional(tableStateSchema),
  settings: v.optional(tableStateSchema),
  metrics: v.optional(tableStateSchema),
});
export type DiffState = v.InferOutput<typeof diffStateSchema>;

export const fileKinds = ['csv', 'json', 'html', 'md'] as const;
export type FileKind = (typeof fileKinds)[number];

export const diffContract = {
  calls: {
    translations: translationsCall,
    sides: { args: v.tuple([]), result: sidesSchema },
    /** Reads both; `piece` then gives what is different. */
    diff: { args: v.tuple([]), result: piecesSchema },
    piece: { args: v.tuple([natural]), result: v.string() },
    /** One pair of tensors in depth, by its names on both sides. */
    tensor: {
      args: v.tuple([v.object({ a: v.optional(text), b: v.optional(text) })]),
      result: comparisonSchema,
    },
    /** Then `sides` is told. */
    swap: { args: v.tuple([]), result: v.undefined() },
    openAsText: { args: v.tuple([]), result: v.undefined() },
    /** Shows what is inside a side. */
    inspect: { args: v.tuple([sideKeySchema]), result: v.undefined() },
    copy: { args: v.tuple([v.pipe(v.string(), v.maxLength(50_000_000))]), result: v.undefined() },
    /** Asks for a place and writes a file there. @returns whether the user chose one */
    save: {
      args: v.tuple([v.picklist(fileKinds), v.pipe(v.string(), v.maxLength(200_000_000))]),
      result: v.boolean(),
    },
  },
  /** Of the same two after a change to them, or swapped. */
  events: { sides: sidesSchema },
} satisfies Contract;
