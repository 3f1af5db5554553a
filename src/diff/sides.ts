import { elementCount } from '../formats/numberText.ts';
import { quantizerText } from '../formats/quantizerText.ts';
import type { RandomAccess } from '../formats/randomAccess.ts';
import type { ModelSummary, TensorInfo } from '../formats/summary.ts';
import type { TensorReader } from '../tensors/tensorReader.ts';
import type { TensorSide } from './tensorsDiff.ts';

/** A model to be compared. */
export interface ModelSide {
  /** The model's path or file name. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** SHA-256 of the content, where it is known. */
  readonly id?: string;
  readonly summary: ModelSummary;
  readonly tensors: TensorReader;
  /** The whole content, of what is one file. */
  readonly access?: RandomAccess;
  /** The texts of the files with settings in a model folder, by their path in it. */
  readonly settings?: ReadonlyMap<string, string>;
}

export function tensorSide(tensor: TensorInfo): TensorSide {
  const { name, dtype, shape, byteLength, sharesStorageWith, quantizer } = tensor;
  return {
    name,
    dtype,
    shape: shape.every(Number.isFinite)
      ? shape
      : shape.map((dimension) => (Number.isFinite(dimension) ? dimension : null)),
    elements: elementCount(shape),
    byteLength,
    sharesStorageWith,
    ...(quantizer && { quantizer: quantizerText(quantizer) }),
  };
}
