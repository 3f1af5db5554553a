import type { Quantizer } from '../quantizer.ts';
import type { Negated, StoragePlace } from '../tensorStorage.ts';
import { isContiguous, tensorBytes, tensorEnd } from './torchExtent.ts';
import type { TorchTensor } from './torchTensor.ts';

/** A tensor that a pickle describes. */
export interface FoundTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly byteLength?: number;
  /** Where in the stream of the pickle its bytes are: all of them. */
  readonly inline?: number;
  /** Where else they are. */
  readonly place?: StoragePlace;
  readonly stored?: StoredTensor;
  /** In elements; absent where they are in their order. */
  readonly strides?: readonly number[];
  readonly notTrained?: true;
  readonly negated?: Negated;
  readonly quantizer?: Quantizer;
  /** Where what the quantizer lacks is. */
  readonly channels?: {
    readonly scales: FoundTensor;
    readonly zeroPoints: FoundTensor;
    readonly axis: number;
  };
  /** Of a part of a distributed tensor; no part of the model. */
  readonly mesh?: FoundTensor;
}

export interface StoredTensor {
  readonly key: string;
  /** In bytes, as the pickle says. */
  readonly storageLength: number;
  /** Of the first element and after the last one, in the storage. */
  readonly start: number;
  readonly end: number;
}

/** @param tensor a view of a storage */
export function foundTensor(name: string, tensor: TorchTensor): FoundTensor {
  const { type, shape, storage, offset, negated, quantizer, channels, mesh } = tensor;
  return {
    name,
    dtype: type.name,
    shape,
    byteLength: tensorBytes(tensor),
    stored: storage && {
      key: storage.key,
      storageLength: storage.length,
      start: offset,
      end: tensorEnd(tensor),
    },
    strides: isContiguous(tensor) ? undefined : tensor.strides,
    negated,
    quantizer,
    channels: channels && {
      scales: foundTensor(`${name}.scales`, channels.scales),
      zeroPoints: foundTensor(`${name}.zeroPoints`, channels.zeroPoints),
      axis: channels.axis,
    },
    mesh: mesh && foundTensor(`${name}.mesh`, mesh),
  };
}
