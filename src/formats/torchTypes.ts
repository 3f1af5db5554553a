export interface TorchType {
  /** As safetensors names it, or else as PyTorch writes it. */
  readonly name: string;
  /** Of an element, in bytes; 0 where the type is not known here. */
  readonly bytes: number;
}

/** By what `torch.` is in front of; ml_dtypes has the same names for what NumPy lacks. */
const types: ReadonlyMap<string, TorchType> = new Map(
  (
    [
      ['bool', 'BOOL', 1],
      ['uint8', 'U8', 1],
      ['int8', 'I8', 1],
      ['int16', 'I16', 2],
      ['uint16', 'U16', 2],
      ['int32', 'I32', 4],
      ['uint32', 'U32', 4],
      ['int64', 'I64', 8],
      ['uint64', 'U64', 8],
      ['float16', 'F16', 2],
      ['bfloat16', 'BF16', 2],
      ['float32', 'F32', 4],
      ['float64', 'F64', 8],
      ['complex32', 'complex32', 4],
      ['bcomplex32', 'bcomplex32', 4],
      ['complex64', 'C64', 8],
      ['complex128', 'complex128', 16],
      ['float8_e4m3fn', 'F8_E4M3', 1],
      ['float8_e4m3fnuz', 'F8_E4M3FNUZ', 1],
      ['float8_e5m2', 'F8_E5M2', 1],
      ['float8_e5m2fnuz', 'F8_E5M2FNUZ', 1],
      ['float8_e8m0fnu', 'F8_E8M0', 1],
      ['float4_e2m1fn_x2', 'float4_e2m1fn_x2', 1],
      ['qint8', 'qint8', 1],
      ['quint8', 'quint8', 1],
      ['qint32', 'qint32', 4],
      ['quint4x2', 'quint4x2', 1],
      ['quint2x4', 'quint2x4', 1],
      ['bits1x8', 'bits1x8', 1],
      ['bits2x4', 'bits2x4', 1],
      ['bits4x2', 'bits4x2', 1],
      ['bits8', 'bits8', 1],
      ['bits16', 'bits16', 2],
    ] as const
  ).map(([torch, name, bytes]) => [torch, { name, bytes }]),
);

const aliases: ReadonlyMap<string, string> = new Map(
  Object.entries({
    half: 'float16',
    float: 'float32',
    double: 'float64',
    long: 'int64',
    int: 'int32',
    short: 'int16',
    char: 'int8',
    byte: 'uint8',
    complexfloat: 'complex64',
    complexdouble: 'complex128',
    complexhalf: 'complex32',
    cfloat: 'complex64',
    cdouble: 'complex128',
    untyped: 'uint8',
  }),
);

/** A type by its name in PyTorch, such as `float32` or `half`. */
export function torchType(name: string): TorchType | undefined {
  return types.get(aliases.get(name) ?? name);
}

/** The type of the elements of a storage class, such as `FloatStorage`. */
export function storageType(className: string): TorchType | undefined {
  const base = /^(\w+)Storage$/.exec(className)?.[1]?.toLowerCase();
  return base === undefined ? undefined : torchType(base);
}

/** By the numbers that torch.export writes. */
const exportNumbers: readonly (string | undefined)[] = [
  undefined,
  'uint8',
  'int8',
  'int16',
  'int32',
  'int64',
  'float16',
  'float32',
  'float64',
  'complex32',
  'complex64',
  'complex128',
  'bool',
  'bfloat16',
  ...Array.from({ length: 14 }, () => undefined),
  'uint16',
  'float8_e4m3fn',
  'float8_e5m2',
  'float8_e4m3fnuz',
  'float8_e5m2fnuz',
  'float8_e8m0fnu',
  'uint32',
  'uint64',
];

export function exportType(code: number): TorchType | undefined {
  const name = exportNumbers[code];
  return name === undefined ? undefined : torchType(name);
}
