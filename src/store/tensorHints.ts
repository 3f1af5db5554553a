import type { Recipe } from './recipe.ts';
import type { BlockHint } from './repacking.ts';
import type { ElementBytes } from './planes.ts';

/** Where a tensor lies in a file. Tensors are in the order of their bytes, without overlaps. */
export interface TensorSpan {
  readonly name: string;
  readonly start: number;
  readonly length: number;
  readonly elementBytes?: ElementBytes;
}

/** A content as its blocks, and where its tensors are. */
export interface LaidOut {
  readonly recipe: Recipe;
  readonly tensors: readonly TensorSpan[];
}

/** What is known of each block of a content; `parent` is the version that it came from. */
export function blockHints({ recipe, tensors }: LaidOut, parent: LaidOut | undefined): BlockHint[] {
  const hints: BlockHint[] = [];
  const inParent = parent && tensorsByName(parent.tensors);
  const blocksOfParent = parent && blocksByStart(parent.recipe);
  const keys = keysOf(tensors);
  let next = 0;
  let start = 0;
  for (let number = 0; number < recipe.count; number++) {
    const length = recipe.lengthAt(number);
    // The last tensor that begins at or before the block.
    while (next < tensors.length && (tensors[next]?.start ?? 0) <= start) next++;
    const tensor = tensors[next - 1];
    const other = tensor && inParent?.get(keys[next - 1] ?? '');
    let base: Uint8Array | undefined;
    if (tensor && other?.length === tensor.length && parent) {
      const block = blocksOfParent?.get(other.start + start - tensor.start) ?? -1;
      if (block >= 0 && parent.recipe.lengthAt(block) === length) base = parent.recipe.hashAt(block);
    }
    hints.push({ elementBytes: tensor?.elementBytes, base });
    start += length;
  }
  return hints;
}

function tensorsByName(tensors: readonly TensorSpan[]): ReadonlyMap<string, TensorSpan> {
  const keys = keysOf(tensors);
  return new Map(tensors.map((tensor, index) => [keys[index] ?? '', tensor]));
}

/** Their names, with how many of that name came before: a name need not be unique. */
function keysOf(tensors: readonly TensorSpan[]): string[] {
  const seen = new Map<string, number>();
  return tensors.map(({ name }) => {
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}\0${before}`;
  });
}

function blocksByStart(recipe: Recipe): ReadonlyMap<number, number> {
  const blocks = new Map<number, number>();
  let start = 0;
  for (let number = 0; number < recipe.count; number++) {
    blocks.set(start, number);
    start += recipe.lengthAt(number);
  }
  return blocks;
}
