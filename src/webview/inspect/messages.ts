import * as v from 'valibot';
import type { Contract } from '../../rpc/contract.ts';
import { natural, statisticsSchema, tableStateSchema, text, translationsCall } from '../schemas.ts';

const versionId = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** A version of the model that is shown, or null for the file on disk. */
const shownSchema = v.nullable(versionId);
export type Shown = v.InferOutput<typeof shownSchema>;

const stripVersionSchema = v.object({
  id: versionId,
  /** `v4`, else a short hash. */
  name: text,
  message: text,
  /** How long ago, in words. */
  age: text,
  /** In bytes. */
  size: v.number(),
  tags: v.array(text),
  stage: v.optional(text),
});
export type StripVersion = v.InferOutput<typeof stripVersionSchema>;

/** What is known of the file: its trail, newest version first. */
export const trailSchema = v.object({
  working: v.object({
    state: v.picklist(['same', 'changed', 'unchecked', 'pointer', 'missing', 'unreadable', 'untracked']),
    /** The same in a sentence's words, such as `changed since v3`. */
    text,
    /** The version that it equals, or points to. */
    version: v.optional(versionId),
  }),
  versions: v.array(stripVersionSchema),
  /** How many there are; the strip shows no more than it can. */
  total: natural,
});
export type Trail = v.InferOutput<typeof trailSchema>;

const startSchema = v.object({
  /** The file's name. */
  name: text,
  /** The folder as people see it. */
  folder: text,
  /** What the user asked to see; absent when the page may choose. */
  shown: v.optional(shownSchema),
});
export type Start = v.InferOutput<typeof startSchema>;

/** The record of a large model is tens of megabytes: it comes as JSON text, in pieces that hold nothing up. */
const inspectedSchema = v.object({
  formatLabel: text,
  id: v.optional(text),
  pieces: natural,
});
export type Inspected = v.InferOutput<typeof inspectedSchema>;

const detailSchema = v.object({
  obstacle: v.optional(text),
  statistics: v.optional(statisticsSchema),
  histogram: v.optional(v.object({ from: v.number(), to: v.number(), counts: v.array(natural) })),
});
export type TensorDetail = v.InferOutput<typeof detailSchema>;
export type Histogram = NonNullable<TensorDetail['histogram']>;

export const reductions = ['mean', 'extreme'] as const;
const sliceRequestSchema = v.object({
  plane: v.pipe(v.array(natural), v.maxLength(64)),
  rows: v.pipe(natural, v.maxValue(1024)),
  columns: v.pipe(natural, v.maxValue(1024)),
  reduce: v.picklist(reductions),
});
export type SliceRequest = v.InferOutput<typeof sliceRequestSchema>;

const sliceSchema = v.object({
  obstacle: v.optional(text),
  planes: v.array(natural),
  height: natural,
  width: natural,
  rows: natural,
  columns: natural,
  /** 32-bit floats, little-endian, in base64: JSON has no NaN. */
  values: v.pipe(v.string(), v.maxLength(8_000_000)),
});
export type Slice = v.InferOutput<typeof sliceSchema>;

export const tabNames = ['tensors', 'settings', 'graph', 'trees'] as const;
export type TabName = (typeof tabNames)[number];

/** What is as it was after the page was hidden, or the window reloaded. */
export const inspectStateSchema = v.object({
  shown: v.optional(shownSchema),
  tab: v.optional(v.picklist(tabNames)),
  tensors: v.optional(v.object({ ...tableStateSchema.entries, toggled: v.optional(v.array(text)) })),
  settings: v.optional(tableStateSchema),
  nodes: v.optional(v.object({ ...tableStateSchema.entries, drawn: v.optional(v.boolean()) })),
  features: v.optional(tableStateSchema),
});
export type InspectState = v.InferOutput<typeof inspectStateSchema>;

export const inspectContract = {
  calls: {
    translations: translationsCall,
    /** What the page asks for first, and shows before anything is read. */
    start: { args: v.tuple([]), result: startSchema },
    trail: { args: v.tuple([]), result: trailSchema },
    /** Reads what is inside; `piece` then gives it. */
    inspect: { args: v.tuple([shownSchema]), result: inspectedSchema },
    piece: { args: v.tuple([natural]), result: v.string() },
    detail: { args: v.tuple([shownSchema, text]), result: detailSchema },
    slice: { args: v.tuple([shownSchema, text, sliceRequestSchema]), result: sliceSchema },
    diff: { args: v.tuple([shownSchema, shownSchema]), result: v.undefined() },
    /** Shows the file in another editor of the user's choice. */
    reopen: { args: v.tuple([]), result: v.undefined() },
    /** Asks which version to put back in place of the file. */
    rollBack: { args: v.tuple([]), result: v.undefined() },
    copy: { args: v.tuple([v.pipe(v.string(), v.maxLength(50_000_000))]), result: v.undefined() },
    /** Asks for a place and writes a file there. @returns whether the user chose one */
    save: {
      args: v.tuple([v.picklist(['csv', 'json']), v.pipe(v.string(), v.maxLength(200_000_000))]),
      result: v.boolean(),
    },
  },
  events: {
    /** The user asked, outside the page, to see this. */
    show: shownSchema,
    trail: trailSchema,
    /** The file on disk is another than before. */
    fileChanged: v.number(),
  },
} satisfies Contract;
