import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { elementCount } from '../formats/numberText.ts';
import { sameQuantizer } from '../formats/quantizer.ts';
import type { TensorInfo } from '../formats/summary.ts';
import { holdsNoNumbers } from '../tensors/elementTypes.ts';
import { alongside } from './alongside.ts';
import type { ByteProgress } from './byteProgress.ts';
import type { DifferenceSums, Squares } from './differenceSums.ts';
import { type SmallPair, sumsOf, sumsOfSmall } from './pairSums.ts';
import type { ModelSide } from './sides.ts';
import type { TensorDifference } from './tensorsDiff.ts';
import { readTransposed, transposable } from './transposed.ts';

export interface Readers {
  readonly a: Pick<ModelSide, 'tensors' | 'access'>;
  readonly b: Pick<ModelSide, 'tensors' | 'access'>;
}

interface Pair {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

export interface PairComparison {
  /** Undefined where it is not known. */
  readonly equal?: boolean;
  /** The stored bytes are equal. */
  readonly frozen?: true;
  readonly comparedBy?: 'bytes' | 'numbers';
  readonly reason?: string;
  readonly transposed?: true;
  /** Where they were compared as numbers. */
  readonly squares?: Squares;
  /** Where their numbers are not all the same. */
  readonly difference?: TensorDifference;
}

/**
 * Compares the elements of two tensors: their bytes first, since what was not trained needs no more, then as numbers.
 * @throws TrailError `cancelled`, or when the bytes cannot be read; what a damaged file says is a `reason`
 */
export async function comparePair(
  readers: Readers,
  pair: Pair,
  progress: ByteProgress,
): Promise<PairComparison> {
  try {
    return await compare(readers, pair, progress);
  } catch (error) {
    if (TrailError.is(error, 'damaged', 'refused')) return { reason: error.message };
    throw error;
  }
}

async function compare(readers: Readers, pair: Pair, progress: ByteProgress): Promise<PairComparison> {
  const { a, b } = pair;
  const sameType = a.dtype === b.dtype && sameQuantizer(a.quantizer, b.quantizer) === true;
  const isKnownSame = sameType && areMadeOfTheSame(readers, pair);
  const small = isKnownSame ? undefined : await readSmall(readers, pair);
  let bytesDiffer: boolean | undefined;
  if (isKnownSame) bytesDiffer = false;
  else if (sameType) {
    bytesDiffer = small
      ? Buffer.compare(small.a.bytes, small.b.bytes) !== 0
      : await differInBytes(readers, pair, progress);
  }
  const sameShape = a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i]);
  if (bytesDiffer === false) return { equal: sameShape, frozen: true, comparedBy: 'bytes' };
  const elements = elementCount(a.shape);
  if (elements !== undefined && elements !== elementCount(b.shape)) return { equal: false };
  if (bytesDiffer && holdsNoNumbers(a.dtype)) return { equal: false, comparedBy: 'bytes' };
  const obstacle = readers.a.tensors.obstacle(a) ?? readers.b.tensors.obstacle(b);
  if (elements === undefined || obstacle !== undefined) {
    const reason = obstacle ?? l10n.t('The shape is not known.');
    return bytesDiffer === undefined ? { reason } : { equal: false, comparedBy: 'bytes', reason };
  }
  const sums = small ? sumsOfSmall(small, pair) : await sumsOf(readers, pair, progress);
  if (!sums) return { reason: l10n.t('The tensor ends before its shape says.') };
  if (sums.isEqual && bytesDiffer) {
    const reason = l10n.t(
      'Its bytes differ, but all of its numbers are equal: 0.0 and -0.0 are equal numbers, and one NaN counts as equal to another.',
    );
    return { equal: false, comparedBy: 'numbers', reason, ...found(sums, pair) };
  }
  if (!sums.isEqual && mayBeTransposed(pair, sums)) {
    const transposed = await readTransposed(readers, pair, progress.signal);
    // With another shape, something was done to the tensor, and the transpose is likely. A square one was more likely trained on, and a small
    // one may by chance be somewhat nearer to the transpose, so that has to be nearer by far: a quarter of the distance.
    const leastGain = sameShape ? 16 : 2;
    if (transposed.squaresOfDifference < sums.squaresOfDifference / leastGain)
      return { equal: false, comparedBy: 'numbers', transposed: true, ...found(transposed, pair) };
  }
  return { equal: sums.isEqual && sameShape, comparedBy: 'numbers', ...found(sums, pair) };
}

/** What is kept of the sums: they are large, and tensors may be many. */
function found(sums: DifferenceSums, { b }: Pair): Pick<PairComparison, 'squares' | 'difference'> {
  const { squaresA, squaresOfDifference, isEqual } = sums;
  return {
    squares: { squaresA, squaresOfDifference },
    ...(!isEqual && { difference: sums.result(b.shape) }),
  };
}

/** Another way round, tensors differ by about as much as they are large. */
function mayBeTransposed(pair: Pair, sums: DifferenceSums): boolean {
  return transposable(pair) && sums.squaresOfDifference > (sums.squaresA + sums.squaresB) / 8;
}

/** Undefined where there are no bytes to be compared. */
async function differInBytes(
  readers: Readers,
  { a, b }: Pair,
  progress: ByteProgress,
): Promise<boolean | undefined> {
  if (a.byteLength !== undefined && b.byteLength !== undefined && a.byteLength !== b.byteLength) return true;
  const bytesA = readers.a.tensors.bytes(a, progress.signal);
  const bytesB = readers.b.tensors.bytes(b, progress.signal);
  if (!bytesA || !bytesB) return undefined;
  let done = 0;
  const pieces = alongside(bytesA, bytesB);
  try {
    for (;;) {
      const next = await pieces.next();
      if (next.done) return !next.value;
      const [pieceA, pieceB] = next.value;
      if (Buffer.compare(pieceA, pieceB) !== 0) return true;
      progress.at((done += 2 * pieceA.length));
    }
  } finally {
    await pieces.return(false);
  }
}

function areMadeOfTheSame(readers: Readers, { a, b }: Pair): boolean {
  const [madeOfA, madeOfB] = [madeOf(readers.a, a), madeOf(readers.b, b)];
  return a.byteLength === b.byteLength && madeOfA !== undefined && madeOfA === madeOfB;
}

/** What the store knows of a tensor that is one range of the file. */
function madeOf(
  { access }: Readers['a'],
  { byteOffset, byteLength, storage }: TensorInfo,
): string | undefined {
  if (byteOffset === undefined || byteLength === undefined || storage) return undefined;
  return access?.madeOf?.(byteOffset, byteLength);
}

/** Where both can be had at once. */
async function readSmall(readers: Readers, pair: Pair): Promise<SmallPair | undefined> {
  const a = await readers.a.tensors.small(pair.a);
  const b = a && (await readers.b.tensors.small(pair.b));
  return b && { a, b };
}
