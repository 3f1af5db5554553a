import type { RandomAccess } from '../formats/randomAccess.ts';
import type { ReadContext } from '../formats/readers.ts';
import type { ModelSummary, TensorInfo } from '../formats/summary.ts';

/** A part of a tensor, in elements as they follow each other with the last dimension moving fastest. */
export interface ElementRange {
  readonly from: number;
  readonly count: number;
}

/** Reads the elements of the tensors of one model, wherever and however they are kept. */
export interface TensorReader {
  /** Why the elements of a tensor cannot be read as numbers, in a sentence; undefined where they can. */
  obstacle(tensor: TensorInfo): string | undefined;
  /**
   * Pieces in row-major order, each to be used before the next is asked for: they may share memory. Complex elements are given by their
   * magnitude; whole numbers of 64 bits as the nearest double.
   * @throws TrailError for a tensor that has an obstacle; `damaged`; `cancelled`
   */
  numbers(
    tensor: TensorInfo,
    signal: AbortSignal,
    range?: ElementRange,
  ): AsyncIterable<Float32Array | Float64Array>;
  /** The stored bytes of the elements, row-major and little-endian, to be compared; undefined where they cannot be had. */
  bytes(tensor: TensorInfo, signal: AbortSignal): AsyncIterable<Uint8Array> | undefined;
  /** Closes the files beside the model; the access that was given is its giver's. */
  close(): Promise<void>;
}

export function openTensors(
  _access: RandomAccess,
  _summary: ModelSummary,
  _sibling?: ReadContext['sibling'],
): TensorReader {
  throw new Error('not yet');
}
