/** By the numbers of the types: as safetensors names it, or as TensorFlow does, and the bytes of an element; 0 where they differ. */
const types: ReadonlyMap<number, readonly [name: string, bytes: number]> = new Map([
  [1, ['F32', 4]],
  [2, ['F64', 8]],
  [3, ['I32', 4]],
  [4, ['U8', 1]],
  [5, ['I16', 2]],
  [6, ['I8', 1]],
  [7, ['STRING', 0]],
  [8, ['C64', 8]],
  [9, ['I64', 8]],
  [10, ['BOOL', 1]],
  [11, ['QINT8', 1]],
  [12, ['QUINT8', 1]],
  [13, ['QINT32', 4]],
  [14, ['BF16', 2]],
  [15, ['QINT16', 2]],
  [16, ['QUINT16', 2]],
  [17, ['U16', 2]],
  [18, ['COMPLEX128', 16]],
  [19, ['F16', 2]],
  [20, ['RESOURCE', 0]],
  [21, ['VARIANT', 0]],
  [22, ['U32', 4]],
  [23, ['U64', 8]],
  [24, ['F8_E5M2', 1]],
  [25, ['F8_E4M3', 1]],
  [26, ['F8_E4M3FNUZ', 1]],
  [27, ['F8_E4M3B11FNUZ', 1]],
  [28, ['F8_E5M2FNUZ', 1]],
  [29, ['INT4', 1]],
  [30, ['UINT4', 1]],
  [31, ['INT2', 1]],
  [32, ['UINT2', 1]],
]);

export interface TensorflowType {
  readonly name: string;
  /** Of an element; 0 where elements differ in length. */
  readonly bytes: number;
}

export function tensorflowType(number: number): TensorflowType {
  // A reference to a variable of the type.
  const [name, bytes] = types.get(number > 100 ? number - 100 : number) ?? [`type ${number}`, 0];
  return { name, bytes };
}
