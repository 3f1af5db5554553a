/** The bytes of one tensor, or of one storage that several share, in a model file. */
export interface TensorRange {
  /** The same in the versions of one model; need not be unique. */
  readonly name: string;
  readonly start: number;
  readonly length: number;
  /** Absent where the structure does not say. */
  readonly elementBytes?: ElementBytes;
}

/** Hands over what was found. @throws Malformed at more than `maxRanges` */
export type AddRange = (range: TensorRange) => void;

/** The largest checkpoints hold some ten thousand tensors to a file. */
export const maxRanges = 1_000_000;

export type ElementBytes = 1 | 2 | 4 | 8;

export function elementBytesOf(bytes: number): ElementBytes {
  return bytes === 2 || bytes === 4 || bytes === 8 ? bytes : 1;
}
