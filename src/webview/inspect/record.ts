import * as v from 'valibot';

// What the page takes of the record that `modeltrail inspect --json` prints (docs/inspect.md).

/** Names come from the file: own entries only. */
function mapOf<T>(fits: (value: unknown) => boolean) {
  return v.custom<Readonly<Record<string, T>>>(
    (input) => typeof input === 'object' && input !== null && Object.values(input).every(fits),
  );
}

const tensorSchema = v.object({
  name: v.string(),
  dtype: v.string(),
  shape: v.array(v.nullable(v.number())),
  byteOffset: v.optional(v.number()),
  byteLength: v.optional(v.number()),
  sharesStorageWith: v.optional(v.string()),
  quantizer: v.optional(v.string()),
});
export type Tensor = v.InferOutput<typeof tensorSchema>;

const findingSchema = v.object({
  severity: v.picklist(['warning', 'error']),
  message: v.string(),
  offset: v.optional(v.number()),
});
export type Finding = v.InferOutput<typeof findingSchema>;

const graphValueSchema = v.object({
  name: v.string(),
  dtype: v.optional(v.string()),
  shape: v.optional(v.array(v.nullable(v.union([v.number(), v.string()])))),
  quantizer: v.optional(v.string()),
});
export type GraphValue = v.InferOutput<typeof graphValueSchema>;

const nodeSchema = v.object({
  name: v.string(),
  op: v.string(),
  domain: v.string(),
  inputs: v.array(v.string()),
  outputs: v.array(v.string()),
  attributes: mapOf<string>((value) => typeof value === 'string'),
});
export type GraphNode = v.InferOutput<typeof nodeSchema>;

const graphSchema = v.object({
  inputs: v.array(graphValueSchema),
  outputs: v.array(graphValueSchema),
  nodes: v.array(nodeSchema),
  opsets: v.array(v.object({ domain: v.string(), version: v.number() })),
});
export type Graph = v.InferOutput<typeof graphSchema>;

interface Importance {
  readonly splits: number;
  readonly gain?: number;
}

const treesSchema = v.object({
  objective: v.optional(v.string()),
  features: v.array(v.string()),
  classes: v.optional(v.number()),
  trees: v.array(v.object({ leaves: v.number(), depth: v.number() })),
  importance: mapOf<Importance>((value) => typeof value === 'object' && value !== null && 'splits' in value),
});
export type Trees = v.InferOutput<typeof treesSchema>;

export type Setting = string | number | boolean | null;

export const recordSchema = v.object({
  format: v.string(),
  formatVersion: v.optional(v.string()),
  producer: v.optional(v.string()),
  size: v.number(),
  parameters: v.optional(v.number()),
  tensors: v.array(tensorSchema),
  metadata: mapOf<string>((value) => typeof value === 'string'),
  hyperparameters: mapOf<Setting>((value) => typeof value !== 'object' || value === null),
  graph: v.optional(graphSchema),
  trees: v.optional(treesSchema),
  findings: v.array(findingSchema),
  complete: v.boolean(),
});
export type ModelRecord = v.InferOutput<typeof recordSchema>;

/** How many settings there are, of both kinds. */
export function settingCount({ hyperparameters, metadata }: ModelRecord): number {
  return Object.keys(hyperparameters).length + Object.keys(metadata).length;
}

/** Whether there is nothing in it to show, or only a pointer to what there is. */
export function isBlank(record: ModelRecord): boolean {
  const { format, tensors, graph, trees } = record;
  const isEmpty = tensors.length === 0 && !graph && !trees?.trees.length && settingCount(record) === 0;
  return isEmpty || format === 'lfsPointer';
}
