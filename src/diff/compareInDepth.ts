import type { Operation } from '../core/operation.ts';
import type { TensorInfo } from '../formats/summary.ts';
import { HistogramCounter } from '../tensors/histogram.ts';
import { StatisticsCounter, type TensorStatistics } from '../tensors/statistics.ts';
import type { TensorReader } from '../tensors/tensorReader.ts';
import { ByteProgress } from './byteProgress.ts';
import { compareScaled, ScalesBeside } from './scalesBeside.ts';
import { type ModelSide, tensorSide } from './sides.ts';
import type { TensorComparison, TensorPairNames, TensorValues } from './tensorsDiff.ts';

interface Side {
  readonly tensor: TensorInfo;
  readonly reader: TensorReader;
}

/** What each side of one pair of tensors holds. Reads it three times; a name that a side does not know is a side that is not there. */
export async function compareInDepth(
  a: ModelSide,
  b: ModelSide,
  names: TensorPairNames,
  operation: Operation,
): Promise<TensorComparison> {
  const sides = { a: find(a, names.a), b: find(b, names.b) };
  const progress = new ByteProgress(operation, names.b ?? names.a ?? '');
  const bytes = (sides.a?.tensor.byteLength ?? 0) + (sides.b?.tensor.byteLength ?? 0);
  progress.expect(3 * bytes);
  const values = {
    a: await valuesOf(sides.a, operation.signal),
    b: await valuesOf(sides.b, operation.signal),
  };
  progress.finished(bytes);
  const { a: first, b: second } = sides;
  const pair = first && second && { a: first.tensor, b: second.tensor };
  const scales = { a: new ScalesBeside(a), b: new ScalesBeside(b) };
  const compared = pair ? await compareScaled({ a, b }, scales, pair, progress) : undefined;
  progress.finished(bytes);
  const histogram = await histogramOf(sides, values, operation.signal);
  progress.finished(bytes);
  return { ...values, histogram, difference: compared?.difference };
}

function find({ summary, tensors }: ModelSide, name: string | undefined): Side | undefined {
  const tensor = name === undefined ? undefined : summary.tensors.find((tensor) => tensor.name === name);
  return tensor && { tensor, reader: tensors };
}

async function valuesOf(side: Side | undefined, signal: AbortSignal): Promise<TensorValues | undefined> {
  if (!side) return undefined;
  const { tensor, reader } = side;
  const obstacle = reader.obstacle(tensor);
  if (obstacle !== undefined) return { tensor: tensorSide(tensor), obstacle };
  const counter = new StatisticsCounter();
  for await (const numbers of reader.numbers(tensor, signal)) counter.add(numbers);
  return { tensor: tensorSide(tensor), statistics: counter.result() };
}

/** Both over the same bins, from the least to the greatest of both. */
async function histogramOf(
  sides: { readonly a?: Side; readonly b?: Side },
  values: { readonly a?: TensorValues; readonly b?: TensorValues },
  signal: AbortSignal,
): Promise<TensorComparison['histogram']> {
  const known = [values.a?.statistics, values.b?.statistics].flatMap((found) => found ?? []);
  const limits = known.flatMap(({ min, max }: TensorStatistics) => [min ?? [], max ?? []].flat());
  if (limits.length === 0) return undefined;
  const [from, to] = [Math.min(...limits), Math.max(...limits)];
  const countsOf = async (side: 'a' | 'b'): Promise<readonly number[] | undefined> => {
    const there = sides[side];
    if (!there || !values[side]?.statistics) return undefined;
    const counter = new HistogramCounter(from, to);
    for await (const numbers of there.reader.numbers(there.tensor, signal)) counter.add(numbers);
    return counter.result().counts;
  };
  const range = new HistogramCounter(from, to).result();
  return { from: range.from, to: range.to, a: await countsOf('a'), b: await countsOf('b') };
}
