import type { FormatName } from '../../src/formats/formatNames.ts';

/** What a thread that fuzzes a reader is given. */
export interface Task {
  readonly format: FormatName;
  readonly seed: number;
  /** In milliseconds since 1970. */
  readonly endsAt: number;
  /** Holds the input that is being read. */
  readonly shared: SharedArrayBuffer;
  /** Two numbers of 32 bits: its length, and how many were read. */
  readonly length: SharedArrayBuffer;
}

export type Report =
  | { readonly stack: string; readonly bytes: Uint8Array }
  | { readonly corpus: number; readonly covered: number };
