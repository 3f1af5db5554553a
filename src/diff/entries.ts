import type { TensorInfo } from '../formats/summary.ts';
import type { PairComparison } from './compareTensors.ts';
import type { DifferenceSums } from './differenceSums.ts';
import { tensorSide } from './sides.ts';
import type { Pairing, TensorPair } from './tensorPairs.ts';
import type { TensorEntry, TensorStatus } from './tensorsDiff.ts';

/** An entry with what its module and the whole are told from. */
export interface ComparedEntry {
  readonly entry: TensorEntry;
  readonly sums?: DifferenceSums;
}

/** All tensors of both sides in the order of b, each removed one behind the one that it followed. */
export function entriesOf(
  { a, b }: { readonly a: readonly TensorInfo[]; readonly b: readonly TensorInfo[] },
  { pairs, removed, prefix }: Pairing,
  compared: ReadonlyMap<TensorPair, PairComparison>,
): ComparedEntry[] {
  const pairOf = new Map(pairs.flatMap((pair) => [[pair.a, pair] as const, [pair.b, pair] as const]));
  const isRemoved = new Set(removed);
  const following = new Map<TensorInfo | undefined, ComparedEntry[]>();
  let before: TensorInfo | undefined;
  for (const tensor of a) {
    if (isRemoved.has(tensor)) {
      const entry = {
        status: 'removed',
        a: tensorSide(tensor),
        module: moduleOf(tensor, prefix?.a),
      } as const;
      following.set(before, [...(following.get(before) ?? []), { entry }]);
    } else before = pairOf.get(tensor)?.b ?? before;
  }
  const inB = b.flatMap((tensor): ComparedEntry[] => {
    const module = moduleOf(tensor, prefix?.b);
    const pair = pairOf.get(tensor);
    const own = pair
      ? pairEntry(pair, compared.get(pair) ?? {}, module)
      : { entry: { status: 'added', b: tensorSide(tensor), module } as const };
    return [own, ...(following.get(tensor) ?? [])];
  });
  return [...(following.get(undefined) ?? []), ...inB];
}

function pairEntry(pair: TensorPair, comparison: PairComparison, module: string): ComparedEntry {
  const { a, b, renamed } = pair;
  const { frozen, transposed, comparedBy, reason, sums } = comparison;
  const reshaped =
    a.shape.length !== b.shape.length || a.shape.some((size, i) => !Object.is(size, b.shape[i]));
  const retyped = a.dtype !== b.dtype;
  const entry: TensorEntry = {
    status: statusOf(comparison, reshaped || retyped),
    a: tensorSide(a),
    b: tensorSide(b),
    module,
    ...(renamed && { renamed }),
    ...(reshaped && { reshaped }),
    ...(retyped && { retyped }),
    ...(transposed && { transposed }),
    ...(frozen && { frozen }),
    ...(comparedBy && { comparedBy }),
    ...(reason !== undefined && { reason }),
    ...(sums && !sums.isEqual && { difference: sums.result(b.shape) }),
  };
  return { entry, sums };
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

/** Norm of b - a by that of a, over all that was compared as numbers together. */
export function relativeL2Of(entries: readonly ComparedEntry[]): number | undefined {
  let [squares, squaresOfDifference] = [0, 0];
  for (const { sums } of entries) {
    squares += sums?.squaresA ?? 0;
    squaresOfDifference += sums?.squaresOfDifference ?? 0;
  }
  const relative = Math.sqrt(squaresOfDifference / squares);
  return Number.isFinite(relative) ? relative : undefined;
}
