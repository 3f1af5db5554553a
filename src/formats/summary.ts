import type { FormatName } from './formatNames.ts';

export interface TensorInfo {
  readonly name: string;
  /** As the format itself writes it, such as `F32`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

export interface Finding {
  /** `error` where the format's own reader refuses the file. */
  readonly severity: 'warning' | 'error';
  readonly message: string;
  /** Where in the file, in bytes. */
  readonly offset?: number;
}

/** What a model file says of itself. */
export interface ModelSummary {
  readonly format: FormatName;
  readonly formatVersion?: string;
  /** Absent where weights are packed, so that elements are not parameters. */
  readonly parameters?: number;
  /** A Map, because names come from the file. */
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of their bytes. */
  readonly tensors: readonly TensorInfo[];
  readonly findings: readonly Finding[];
  /** False when something could not be read: what is missing here may be in the file all the same. */
  readonly complete: boolean;
}
