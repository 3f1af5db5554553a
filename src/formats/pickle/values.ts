import type { StoragePlace } from '../tensorStorage.ts';

/**
 * What a pickle describes, as inert records: nothing is imported, called or built. Objects are shared by reference as in the pickle, so
 * a value can hold itself, and a small one can spell out to a huge one: who walks it needs limits.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyBytes
  | PyText
  | PyList
  | PyDict
  | PyGlobal
  | PyCall
  | PyPersistent
  | PyArray;

/** Bytes; of long ones only the beginning is kept. */
export interface PyBytes {
  readonly kind: 'bytes';
  /** In the stream that holds the pickle. */
  readonly offset: number;
  readonly length: number;
  readonly head: Uint8Array;
}

/** Text that is too long to be kept. */
export interface PyText {
  readonly kind: 'text';
  /** In the stream that holds the pickle. */
  readonly offset: number;
  /** Whether each character is a byte. */
  readonly isLatin1: boolean;
  /** In bytes. */
  readonly length: number;
  readonly head: string;
}

export interface PyList {
  readonly kind: 'list' | 'tuple' | 'set';
  readonly items: Value[];
}

export interface PyDict {
  readonly kind: 'dict';
  /** Keys and values in turn, in the order of the pickle. */
  readonly entries: Value[];
}

/** A class or function, by name. */
export interface PyGlobal {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
}

/** What Python would get by calling something: every object that is not one of the built-in kinds. */
export interface PyCall {
  readonly kind: 'call';
  readonly callable: Value;
  readonly args: Value;
  readonly kwargs?: Value;
  /** What BUILD would set. */
  state?: Value;
  /** What would be appended, of a subclass of list or set. */
  items?: Value[];
  /** What would be set, of a subclass of dict: keys and values in turn. */
  entries?: Value[];
}

/** What the pickle refers to but does not hold, such as PyTorch's storages. */
export interface PyPersistent {
  readonly kind: 'persistent';
  readonly id: Value;
}

/** A NumPy array that its container keeps in a way of its own. */
export interface PyArray {
  readonly kind: 'array';
  /** As safetensors names it, or as NumPy writes it. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** In bytes; 0 for Python objects. */
  readonly elementBytes: number;
  /** Whether the elements lie row by row. */
  readonly rowMajor: boolean;
  /** Where its bytes are in the stream that holds the pickle, if they are. */
  readonly offset?: number;
  /** Where they are if not there. */
  readonly place?: StoragePlace;
  /** How many bytes there are, where that is not what type and shape say. */
  readonly available?: number;
  /** Of small arrays. */
  readonly head?: Uint8Array;
  /** Of an array of objects. */
  readonly objects?: readonly Value[];
}

export function isCall(value: Value | undefined): value is PyCall {
  return kindOf(value) === 'call';
}

export function isBytes(value: Value | undefined): value is PyBytes {
  return kindOf(value) === 'bytes';
}

export function kindOf(
  value: Value | undefined,
): Exclude<Value, string | number | bigint | boolean | null>['kind'] | undefined {
  return typeof value === 'object' && value !== null ? value.kind : undefined;
}

/** `module.name` of a class or function. */
export function globalName(value: Value | undefined): string | undefined {
  if (typeof value !== 'object' || value?.kind !== 'global') return undefined;
  return `${value.module}.${value.name}`;
}

export function sequence(value: Value | undefined): readonly Value[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set' ? value.items : undefined;
}
