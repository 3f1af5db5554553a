import type { RandomAccess } from './randomAccess.ts';

/** Where the elements of a tensor are and in what order, for whoever wants to read them. */
export interface TensorStorage {
  readonly place: StoragePlace;
  /** By dimension, how many elements to go on to the next; absent where the last moves fastest and nothing lies in between. */
  readonly strides?: readonly number[];
  readonly bigEndian?: boolean;
  /** Whose sign is the other one than stored. */
  readonly negated?: Negated;
}

/** All elements; or of complex ones the real or the imaginary parts. */
export type Negated = 'all' | 'real' | 'imaginary';

export type StoragePlace =
  | FilePlace
  | PackedPlace
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | VarintPlace
  | ReaderPlace;

/** A range of the file, or of one beside it. */
export interface FilePlace {
  readonly kind: 'file';
  /** The path of the other file from the folder of the model, within which it is, with `/`. */
  readonly file?: string;
  readonly offset: number;
  readonly length: number;
}

/** `raw` is deflated as in ZIP archives, `headed` with the head of zlib or gzip. */
export type Compression = 'raw' | 'headed' | 'xz' | 'lzma' | 'bz2' | 'lz4';

/** A range of what a compressed part of the file unpacks to. */
export interface PackedPlace {
  readonly kind: 'packed';
  readonly compression: Compression;
  /** Of the compressed bytes, in the file. */
  readonly packedOffset: number;
  readonly packedLength: number;
  /** In what they unpack to. */
  readonly offset: number;
  readonly length: number;
}

/** Numbers as protobuf packs them, of which each gives the lowest `bytes` bytes. */
export interface VarintPlace {
  readonly kind: 'varints';
  /** In the file: a list can be written in several parts. */
  readonly parts: readonly { readonly start: number; readonly end: number }[];
  readonly bytes: 1 | 2 | 4 | 8;
}

/** What only the reader of the format can find. */
export interface ReaderPlace {
  readonly kind: 'reader';
  read(access: RandomAccess, signal: AbortSignal): AsyncIterable<Uint8Array>;
}
