import type { FlatBuffer, Table } from '../flatBuffer.ts';
import type { SummaryDraft } from '../summaryDraft.ts';

const maxName = 4096;
const maxFeatures = 200_000;
const maxCombined = 64;

const slot = { cat: 4, float: 5, oneHot: 6, ctr: 7, text: 12, estimated: 13, embedding: 18 };

/** What conditions in trees ask for; trees number the conditions of all of these in one row. */
export interface Feature {
  readonly name: string;
  readonly conditions: number;
}

export interface Features {
  /** As they stand in the training data. */
  readonly names: readonly string[];
  readonly conditions: readonly Feature[];
}

export async function readFeatures(draft: SummaryDraft, buffer: FlatBuffer, trees: Table): Promise<Features> {
  const names: string[] = [];
  const floats: Feature[] = [];
  const categories = new Map<number, string>();
  const numbers = new Map<number, string>();
  for await (const feature of buffer.tables(trees[slot.float])) {
    const [index, name] = await nameOf(draft, buffer, feature, { index: 1, flat: 2, name: 4 }, names);
    numbers.set(index, name);
    floats.push({ name, conditions: (await buffer.vector(feature[3], 4)).count });
  }
  const plain = { index: 0, flat: 1, name: 2 };
  for await (const feature of buffer.tables(trees[slot.cat])) {
    categories.set(...(await nameOf(draft, buffer, feature, plain, names)));
  }
  for (const field of [trees[slot.text], trees[slot.embedding]]) {
    for await (const feature of buffer.tables(field)) await nameOf(draft, buffer, feature, plain, names);
  }
  const estimated: Feature[] = [];
  for await (const feature of buffer.tables(trees[slot.estimated])) {
    draft.count();
    const name = `estimated ${await buffer.scalar(feature[0], 'i32', -1)}`;
    estimated.push({ name, conditions: (await buffer.vector(feature[3], 4)).count });
  }
  const oneHot: Feature[] = [];
  for await (const feature of buffer.tables(trees[slot.oneHot])) {
    draft.count();
    const name = categories.get(await buffer.scalar(feature[0], 'i32', -1)) ?? '?';
    oneHot.push({ name, conditions: (await buffer.vector(feature[1], 4)).count });
  }
  const ctr: Feature[] = [];
  for await (const feature of buffer.tables(trees[slot.ctr])) {
    draft.count();
    const name = await combination(buffer, feature[0], categories, numbers);
    ctr.push({ name, conditions: (await buffer.vector(feature[1], 4)).count });
  }
  return {
    names: Array.from(names, (name, i) => name ?? String(i)),
    conditions: [...floats, ...estimated, ...oneHot, ...ctr],
  };
}

/** @returns its number among the features of its kind, and its name */
async function nameOf(
  draft: SummaryDraft,
  buffer: FlatBuffer,
  feature: Table,
  slots: { readonly index: number; readonly flat: number; readonly name: number },
  names: string[],
): Promise<[index: number, name: string]> {
  draft.count();
  const flat = await buffer.scalar(feature[slots.flat], 'i32', -1);
  const name = (await buffer.text(feature[slots.name], maxName)) || String(flat);
  if (flat >= 0 && flat < maxFeatures) names[flat] = name;
  return [await buffer.scalar(feature[slots.index], 'i32', -1), name];
}

/** Statistics of the target by the values of categories, or by several features together. */
async function combination(
  buffer: FlatBuffer,
  field: number | undefined,
  categories: ReadonlyMap<number, string>,
  numbers: ReadonlyMap<number, string>,
): Promise<string> {
  const ctr = await buffer.table(field);
  const base = await buffer.table(ctr?.[0]);
  const combined = (await buffer.table(base?.[0])) ?? [];
  const parts = (await buffer.numbers(combined[0], maxCombined)).map((index) => categories.get(index) ?? '?');
  // Pairs of a feature and a border or a value.
  for (const [field, known] of [[combined[1], numbers] as const, [combined[2], categories] as const]) {
    const vector = await buffer.vector(field, 8);
    const view = await buffer.bytes(vector, 8, 8 * maxCombined);
    for (let i = 0; i < vector.count; i++) parts.push(known.get(view.getInt32(8 * i, true)) ?? '?');
  }
  return `ctr(${parts.join(', ')})`;
}
