import * as v from 'valibot';
import type { Fact, FactKind } from '../core/facts.ts';
import { isModelPath } from './modelPath.ts';

/** What a fact's file must hold. Keys that this version does not know are passed over. */

const text = v.string();
const name = v.pipe(v.string(), v.nonEmpty(), v.maxLength(1000));
const contentId = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'not a SHA-256'));
const ulid = v.pipe(v.string(), v.regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'not a ULID'));
const commit = v.pipe(v.string(), v.regex(/^[0-9a-f]{7,64}$/, 'not a commit'));
/** With the weights of one model; no reader of ONNX takes note of more. */
const mostFiles = 10_000;
const ids = v.optional(v.pipe(v.array(ulid), v.maxLength(mostFiles)));
const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** JSON has no words for these numbers. */
const notFinite: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
]);
const metric = v.union([
  v.number(),
  v.pipe(
    v.picklist([...notFinite.keys()]),
    v.transform((word) => notFinite.get(word) ?? NaN),
  ),
]);

const modelPath = v.pipe(
  v.string(),
  v.check(isModelPath, (issue) => `${JSON.stringify(issue.received)} is not a path inside the folder`),
);
const base = {
  id: ulid,
  // Times are compared as text, so there must be one way to write them.
  time: v.pipe(
    v.string(),
    v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'not a time in UTC with milliseconds'),
    v.check((time) => !Number.isNaN(Date.parse(time)), 'not a time'),
  ),
  by: v.object({ name: text, email: v.optional(text) }),
  model: modelPath,
  since: v.optional(commit),
};
const metrics = v.optional(named(metric));
const params = v.optional(named(v.union([v.string(), v.number(), v.boolean(), v.null()])));

/** Values by any names: `v.record` drops `constructor` and others that objects have by themselves. */
function named<T>(value: v.GenericSchema<unknown, T>, most = Infinity) {
  return v.pipe(
    v.custom<object>((input) => typeof input === 'object' && input !== null && !Array.isArray(input)),
    v.transform((input) => Object.entries(input)),
    v.maxLength(most),
    v.array(v.tuple([v.string(), value])),
    // Makes own properties even of names such as `__proto__`.
    v.transform((entries) => Object.fromEntries(entries)),
  );
}

const schemas = {
  recorded: v.object({
    ...base,
    kind: v.literal('recorded'),
    version: contentId,
    size: wholeNumber,
    files: v.optional(wholeNumber),
    number: v.pipe(wholeNumber, v.minValue(1)),
    message: v.optional(text),
    metrics,
    params,
    byHand: v.optional(v.array(v.string())),
    provenance: v.optional(
      v.object({
        commit: v.optional(commit),
        branch: v.optional(text),
        dirty: v.optional(v.boolean()),
        parent: v.optional(contentId),
      }),
    ),
    externalData: v.optional(named(contentId, mostFiles)),
  }),
  tagged: v.object({ ...base, kind: v.literal('tagged'), version: contentId, tag: name }),
  staged: v.object({ ...base, kind: v.literal('staged'), version: contentId, stage: name }),
  untagged: v.object({ ...base, kind: v.literal('untagged'), version: contentId, tag: name }),
  unstaged: v.object({ ...base, kind: v.literal('unstaged'), version: contentId, stage: name }),
  noted: v.object({ ...base, kind: v.literal('noted'), version: contentId, note: text }),
  measured: v.object({ ...base, kind: v.literal('measured'), version: contentId, metrics, params }),
  rolledBack: v.object({
    ...base,
    kind: v.literal('rolledBack'),
    from: v.nullable(contentId),
    fromFiles: v.optional(wholeNumber),
    fromLink: v.optional(text),
    version: contentId,
    together: ids,
  }),
  forgotten: v.object({
    ...base,
    kind: v.literal('forgotten'),
    version: contentId,
    records: v.optional(v.array(ulid)),
  }),
  renamed: v.object({
    ...base,
    kind: v.literal('renamed'),
    to: modelPath,
    version: v.optional(contentId),
    together: ids,
  }),
  undone: v.object({ ...base, kind: v.literal('undone'), undoes: ulid }),
} satisfies { [kind in FactKind]: v.GenericSchema<unknown, Fact & { kind: kind }> };

/** The fact in a value, `undefined` for a kind that this version does not know, or what is wrong with it. */
export function checkFact(value: { kind: string; id: string }): Fact | undefined | { problem: string } {
  if (!Object.hasOwn(schemas, value.kind)) return undefined;
  const result = v.safeParse(schemas[value.kind as FactKind], value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  return { problem: `${v.getDotPath(issue) ?? ''}: ${issue.message}` };
}
