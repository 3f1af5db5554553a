import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { elementCount } from '../formats/numberText.ts';
import type { TensorInfo } from '../formats/summary.ts';
import type { ByteProgress } from './byteProgress.ts';
import { comparePair, type PairComparison, type Readers } from './compareTensors.ts';
import type { ModelSide } from './sides.ts';

/** Types that hardly anything fits into without a scale. */
const narrow = /^(?:F[468]|[IU]8|U?INT[248]$)/;
/** What a tensor is multiplied by, as checkpoints name it; the other ways of scaling, by what is added to the name. */
const factors = ['_scale', '_scale_inv'];
const otherWays = ['_scale_2', '_zero_point', '.absmax'];
/** No tensor has more rows. */
const maxRows = 2 ** 20;

/** The tensors of a model beside which others say by what their numbers are to be multiplied: 8-bit floats, for example. */
export class ScalesBeside {
  readonly #tensors: ReadonlyMap<string, TensorInfo>;
  readonly #reader: ModelSide['tensors'];

  constructor({ summary, tensors }: Pick<ModelSide, 'summary' | 'tensors'>) {
    this.#tensors = new Map(summary.tensors.map((tensor) => [tensor.name, tensor]));
    this.#reader = tensors;
  }

  /** The tensor with its scales; undefined where they are in a form that is not read. */
  async of(tensor: TensorInfo, signal: AbortSignal): Promise<TensorInfo | undefined> {
    const { name, dtype, shape, quantizer } = tensor;
    if (quantizer || !narrow.test(dtype)) return tensor;
    const module = name.slice(0, Math.max(0, name.lastIndexOf('.')));
    if (otherWays.some((way) => this.#tensors.has(name + way)) || this.#tensors.has(`${module}.SCB`))
      return undefined;
    const [factor, ...others] = factors.flatMap((way) => this.#tensors.get(name + way) ?? []);
    if (!factor) return tensor;
    const count = elementCount(factor.shape) ?? 0;
    const isOfRows = count === shape[0] && count === factor.shape[0];
    if (others.length > 0 || !(count === 1 || (isOfRows && count <= maxRows))) return undefined;
    if (this.#reader.obstacle(factor) !== undefined) return undefined;
    const scales: number[] = [];
    for await (const numbers of this.#reader.numbers(factor, signal)) scales.push(...numbers);
    const zeroPoints = scales.map(() => 0);
    return { ...tensor, quantizer: { scales, zeroPoints, ...(count > 1 && { axis: 0 }) } };
  }
}

/** Compares tensors as what they stand for: of two types, the stored numbers are as far apart as the scales are. */
export async function compareScaled(
  readers: Readers,
  scales: { readonly a: ScalesBeside; readonly b: ScalesBeside },
  pair: { readonly a: TensorInfo; readonly b: TensorInfo },
  progress: ByteProgress,
): Promise<PairComparison> {
  if (pair.a.dtype === pair.b.dtype) return comparePair(readers, pair, progress);
  try {
    const a = await scales.a.of(pair.a, progress.signal);
    const b = await scales.b.of(pair.b, progress.signal);
    if (a && b) return await comparePair(readers, { a, b }, progress);
  } catch (error) {
    if (TrailError.is(error, 'damaged')) return { reason: error.message };
    throw error;
  }
  return { reason: l10n.t('It is stored with scales of its own, in a form that is not read.') };
}
