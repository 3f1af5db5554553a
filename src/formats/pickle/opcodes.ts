/** How the argument of an opcode is written. */
export type ArgumentKind =
  | 'none'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'i32'
  | 'u64'
  | 'f64'
  | 'line'
  | 'lines'
  | 'text1'
  | 'text4'
  | 'text8'
  | 'latin1'
  | 'latin4'
  | 'bytes1'
  | 'bytes4'
  | 'bytes8'
  | 'long1'
  | 'long4';

export const op = {
  mark: 0x28,
  emptyTuple: 0x29,
  stop: 0x2e,
  pop: 0x30,
  popMark: 0x31,
  dup: 0x32,
  binBytes: 0x42,
  shortBinBytes: 0x43,
  float: 0x46,
  binFloat: 0x47,
  int: 0x49,
  binInt: 0x4a,
  binInt1: 0x4b,
  long: 0x4c,
  binInt2: 0x4d,
  none: 0x4e,
  persid: 0x50,
  binPersid: 0x51,
  reduce: 0x52,
  string: 0x53,
  binString: 0x54,
  shortBinString: 0x55,
  unicode: 0x56,
  binUnicode: 0x58,
  emptyList: 0x5d,
  append: 0x61,
  build: 0x62,
  global: 0x63,
  dict: 0x64,
  appends: 0x65,
  get: 0x67,
  binGet: 0x68,
  inst: 0x69,
  longBinGet: 0x6a,
  list: 0x6c,
  obj: 0x6f,
  put: 0x70,
  binPut: 0x71,
  longBinPut: 0x72,
  setItem: 0x73,
  tuple: 0x74,
  setItems: 0x75,
  emptyDict: 0x7d,
  proto: 0x80,
  newObj: 0x81,
  ext1: 0x82,
  ext2: 0x83,
  ext4: 0x84,
  tuple1: 0x85,
  tuple2: 0x86,
  tuple3: 0x87,
  newTrue: 0x88,
  newFalse: 0x89,
  long1: 0x8a,
  long4: 0x8b,
  shortBinUnicode: 0x8c,
  binUnicode8: 0x8d,
  binBytes8: 0x8e,
  emptySet: 0x8f,
  addItems: 0x90,
  frozenSet: 0x91,
  newObjEx: 0x92,
  stackGlobal: 0x93,
  memoize: 0x94,
  frame: 0x95,
  byteArray8: 0x96,
  nextBuffer: 0x97,
  readOnlyBuffer: 0x98,
} as const;

const withArgument: ReadonlyMap<number, ArgumentKind> = new Map<number, ArgumentKind>([
  [op.binBytes, 'bytes4'],
  [op.shortBinBytes, 'bytes1'],
  [op.float, 'line'],
  [op.binFloat, 'f64'],
  [op.int, 'line'],
  [op.binInt, 'i32'],
  [op.binInt1, 'u8'],
  [op.long, 'line'],
  [op.binInt2, 'u16'],
  [op.persid, 'line'],
  [op.string, 'line'],
  [op.binString, 'latin4'],
  [op.shortBinString, 'latin1'],
  [op.unicode, 'line'],
  [op.binUnicode, 'text4'],
  [op.global, 'lines'],
  [op.get, 'line'],
  [op.binGet, 'u8'],
  [op.inst, 'lines'],
  [op.longBinGet, 'u32'],
  [op.put, 'line'],
  [op.binPut, 'u8'],
  [op.longBinPut, 'u32'],
  [op.proto, 'u8'],
  [op.ext1, 'u8'],
  [op.ext2, 'u16'],
  [op.ext4, 'i32'],
  [op.long1, 'long1'],
  [op.long4, 'long4'],
  [op.shortBinUnicode, 'text1'],
  [op.binUnicode8, 'text8'],
  [op.binBytes8, 'bytes8'],
  [op.frame, 'u64'],
  [op.byteArray8, 'bytes8'],
]);

const known: ReadonlySet<number> = new Set(Object.values(op));

/** By opcode; undefined for what is none. */
export const argumentKinds: readonly (ArgumentKind | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  known.has(code) ? (withArgument.get(code) ?? 'none') : undefined,
);
