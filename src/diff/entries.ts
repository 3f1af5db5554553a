import { sameQuantizer } from '../formats/quantizer.ts';
import type { TensorInfo } from '../formats/summary.ts';
import type { PairComparison } from './compareTensors.ts';
import type { Squares } from './differenceSums.ts';
import { tensorSide } from './sides.ts';
import type { Pairing, TensorPair } from './tensorPairs.ts';
import type { TensorEntry, TensorStatus } from './tensorsDiff.ts';

/** An entry with what its module and the whole are told from. */
export interface ComparedEntry {
  readonly entry: TensorEntry;
  /** Where it was compared as numbers. */
  readonly squares?: Squares;
  /** No weights: counters, indices, the state of the training. */
  readonly isBeside: boolean;
}

/** Whole numbers that are no weights, and what is no tensor: texts, and models of other libraries. */
const noWeights = /^(?:BOOL|[IU](?:32|64)|BYTES|TEXT)$/;

/**
 * All tensors of both sides in the order of b, each removed one behind the one that it followed.
 * @param compared the entries of the pairs, by the tensor of b
 */
export function entriesOf(
  { a, b }: { readonly a: readonly TensorInfo[]; readonly b: readonly TensorInfo[] },
  pairing: Pairing,
  compared: ReadonlyMap<TensorInfo, ComparedEntry>,
): ComparedEntry[] {
  const { prefix } = pairing;
  const behind = removedByPlace(a, pairing);
  const removedBehind = (tensor: TensorInfo | undefined): ComparedEntry[] =>
    (behind.get(tensor) ?? []).map((tensor) =>
      loneEntry({ status: 'removed', a: tensorSide(tensor), module: moduleOf(tensor, prefix?.a) }, tensor),
    );
  const inB = b.flatMap((tensor): ComparedEntry[] => {
    const lone: TensorEntry = { status: 'added', b: tensorSide(tensor), module: moduleOf(tensor, prefix?.b) };
    const own = compared.get(tensor) ?? loneEntry(lone, tensor);
    return [own, ...removedBehind(tensor)];
  });
  return [...removedBehind(undefined), ...inB];
}

function loneEntry(entry: TensorEntry, tensor: TensorInfo): ComparedEntry {
  const isOtherName = tensor.sharesStorageWith !== undefined;
  const beside = isBeside(tensor) || isOtherName;
  return { entry: { ...entry, ...(beside && { beside }) }, isBeside: isBeside(tensor) };
}

/** Those that were removed, by the tensor of b that became of the one before them; undefined for the first. */
function removedByPlace(
  a: readonly TensorInfo[],
  { pairs, removed }: Pairing,
): Map<TensorInfo | undefined, TensorInfo[]> {
  const places = new Map<TensorInfo | undefined, TensorInfo[]>();
  if (removed.length === 0) return places;
  const partner = new Map(pairs.map(({ a, b }) => [a, b]));
  const isRemoved = new Set(removed);
  let before: TensorInfo | undefined;
  for (const tensor of a) {
    if (!isRemoved.has(tensor)) before = partner.get(tensor) ?? before;
    else if (!places.get(before)?.push(tensor)) places.set(before, [tensor]);
  }
  return places;
}

/** @param prefix of all names of b */
export function pairEntry(
  { a, b, renamed }: TensorPair,
  comparison: PairComparison,
  prefix: string | undefined,
): ComparedEntry {
  const { frozen, transposed, comparedBy, reason, difference, squares } = comparison;
  const reshaped =
    a.shape.length !== b.shape.length || a.shape.some((size, i) => !Object.is(size, b.shape[i]));
  const retyped = a.dtype !== b.dtype;
  const requantized = !retyped && sameQuantizer(a.quantizer, b.quantizer) === false;
  const isSameInfo =
    !reshaped &&
    !retyped &&
    sameQuantizer(a.quantizer, b.quantizer) === true &&
    a.name === b.name &&
    a.byteLength === b.byteLength &&
    a.sharesStorageWith === b.sharesStorageWith;
  const side = tensorSide(a);
  const entry: TensorEntry = {
    status: statusOf(comparison, reshaped || retyped || requantized),
    a: side,
    // One object where both say the same: that is most of what is kept of many small tensors.
    b: isSameInfo ? side : tensorSide(b),
    module: moduleOf(b, prefix),
    ...(renamed && { renamed }),
    ...(reshaped && { reshaped }),
    ...(retyped && { retyped }),
    ...(requantized && { requantized }),
    ...(transposed && { transposed }),
    ...(frozen && { frozen }),
    ...(comparedBy && { comparedBy }),
    ...(reason !== undefined && { reason }),
    ...(difference && { difference }),
  };
  return { entry, squares, isBeside: isBeside(a) || isBeside(b) };
}

function statusOf({ equal }: PairComparison, isOfOtherKind: boolean): TensorStatus {
  if (isOfOtherKind || equal === false) return 'changed';
  return equal ? 'same' : 'unknown';
}

/** The name without its last part. */
function moduleOf({ name }: TensorInfo, prefix = ''): string {
  const start = name.startsWith(prefix) ? prefix.length : 0;
  return name.slice(start, Math.max(start, name.lastIndexOf('.'), name.lastIndexOf('/')));
}

function isBeside({ dtype, quantizer, notTrained }: TensorInfo): boolean {
  return notTrained === true || (!quantizer && noWeights.test(dtype));
}

/**
 * Norm of b - a by that of a, over all weights together that were compared as numbers: the count of a million steps and its like would
 * drown them. Only where there are no weights, over all that was compared.
 */
export function relativeL2Of(entries: readonly ComparedEntry[]): number | undefined {
  const weights = entries.filter(({ isBeside, squares }) => squares && !isBeside);
  let [squares, squaresOfDifference] = [0, 0];
  for (const entry of weights.length > 0 ? weights : entries) {
    squares += entry.squares?.squaresA ?? 0;
    squaresOfDifference += entry.squares?.squaresOfDifference ?? 0;
  }
  const relative = Math.sqrt(squaresOfDifference / squares);
  return Number.isFinite(relative) ? relative : undefined;
}
