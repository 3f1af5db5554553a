// What the messages of several pages are made of.
import * as v from 'valibot';

export const text = v.pipe(v.string(), v.maxLength(1_000_000));
export const natural = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a page says in the language of the editor, by the English text; null where that is English. */
export const translationsCall = {
  args: v.tuple([]),
  result: v.nullable(v.record(v.string(), v.string())),
};

/** JSON, which is what a webview is sent, has no NaN and no infinity. */
const finite = v.optional(v.pipe(v.number(), v.finite()));

/** Of the elements of a tensor. */
export const statisticsSchema = v.object({
  count: natural,
  nan: natural,
  positiveInfinity: natural,
  negativeInfinity: natural,
  zeros: natural,
  min: finite,
  max: finite,
  mean: finite,
  standardDeviation: finite,
  norm: finite,
});
export type Statistics = v.InferOutput<typeof statisticsSchema>;

const sortSchema = v.object({ column: text, descending: v.boolean() });
export type Sort = v.InferOutput<typeof sortSchema>;

/** What a user did to a table. */
export const tableStateSchema = v.object({
  filter: v.optional(text),
  sort: v.optional(sortSchema),
  selected: v.optional(text),
});
export type TableState = v.InferOutput<typeof tableStateSchema>;
