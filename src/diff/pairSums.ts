import { elementCount } from '../formats/numberText.ts';
import type { TensorInfo } from '../formats/summary.ts';
import type { SmallTensor } from '../tensors/tensorReader.ts';
import { alongside } from './alongside.ts';
import type { ByteProgress } from './byteProgress.ts';
import type { Readers } from './compareTensors.ts';
import { DifferenceSums } from './differenceSums.ts';
import { elementsIn, partsKind, smallElementsIn } from './elementParts.ts';

interface Pair {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

export interface SmallPair {
  readonly a: SmallTensor;
  readonly b: SmallTensor;
}

/** The sums over all elements of a pair; undefined when one has fewer than its shape says. */
export async function sumsOf(
  readers: Readers,
  pair: Pair,
  progress: ByteProgress,
): Promise<DifferenceSums | undefined> {
  const { a, b } = pair;
  const kind = partsKind(pair);
  const sums = new DifferenceSums(kind);
  const elements = elementCount(a.shape) ?? 0;
  const bytes = (a.byteLength ?? 0) + (b.byteLength ?? 0);
  for await (const [x, y] of alongside(
    elementsIn(kind, readers.a.tensors, a, progress.signal),
    elementsIn(kind, readers.b.tensors, b, progress.signal),
  )) {
    sums.add(x, y);
    progress.at((bytes * sums.elements) / elements);
  }
  return sums.elements === elements ? sums : undefined;
}

/** The same of what is at hand. */
export function sumsOfSmall(small: SmallPair, pair: Pair): DifferenceSums | undefined {
  const kind = partsKind(pair);
  const a = smallElementsIn(kind, small.a, pair.a);
  const b = smallElementsIn(kind, small.b, pair.b);
  if (a.length !== b.length) return undefined;
  const sums = new DifferenceSums(kind);
  sums.add(a, b);
  return sums.elements === elementCount(pair.a.shape) ? sums : undefined;
}
