import type { ElementType } from './elementType.ts';
import * as plain from './plainTypes.ts';
import * as blocks from './quantizedBlocks.ts';
import * as superBlocks from './quantizedSuperBlocks.ts';
import * as floats from './smallFloats.ts';

/** By the names that the readers give: those of safetensors, else those of the format. */
const types: ReadonlyMap<string, ElementType> = new Map([
  ['F64', plain.float64],
  ['F32', plain.float32],
  ['F16', floats.float16],
  ['BF16', floats.bfloat16],
  ['F8_E4M3', floats.float8E4M3],
  ['F8_E5M2', floats.float8E5M2],
  ['F8_E4M3FNUZ', floats.float8E4M3Fnuz],
  ['F8_E5M2FNUZ', floats.float8E5M2Fnuz],
  ['F8_E4M3B11FNUZ', floats.float8E4M3B11Fnuz],
  ['F8_E8M0', floats.float8E8M0],
  ['F6_E2M3', floats.float6E2M3],
  ['F6_E3M2', floats.float6E3M2],
  ['F4', plain.float4],
  ['C64', plain.complex64],
  ['COMPLEX128', plain.complex128],
  ['complex128', plain.complex128],
  ['complex32', plain.complex32],
  ['bcomplex32', plain.bcomplex32],
  ['I64', plain.int64],
  ['I32', plain.int32],
  ['I16', plain.int16],
  ['I8', plain.int8],
  ['U64', plain.uint64],
  ['U32', plain.uint32],
  ['U16', plain.uint16],
  ['U8', plain.uint8],
  ['BOOL', plain.boolean],
  ['INT4', plain.int4],
  ['UINT4', plain.uint4],
  ['i4', plain.int4],
  ['u4', plain.uint4],
  ['INT2', plain.int2],
  ['UINT2', plain.uint2],
  ['u1', plain.bit],
  // Numbers that stand for others: what is stored is what is told.
  ['qint8', plain.int8],
  ['quint8', plain.uint8],
  ['qint32', plain.int32],
  ['QINT8', plain.int8],
  ['QUINT8', plain.uint8],
  ['QINT16', plain.int16],
  ['QUINT16', plain.uint16],
  ['QINT32', plain.int32],
  ['Q4_0', blocks.q4_0],
  ['Q4_1', blocks.q4_1],
  ['Q5_0', blocks.q5_0],
  ['Q5_1', blocks.q5_1],
  ['Q8_0', blocks.q8_0],
  ['Q8_1', blocks.q8_1],
  ['IQ4_NL', blocks.iq4Nl],
  ['MXFP4', blocks.mxfp4],
  ['NVFP4', blocks.nvfp4],
  ['Q2_K', superBlocks.q2K],
  ['Q3_K', superBlocks.q3K],
  ['Q4_K', superBlocks.q4K],
  ['Q5_K', superBlocks.q5K],
  ['Q6_K', superBlocks.q6K],
  ['Q8_K', superBlocks.q8K],
  ['IQ4_XS', superBlocks.iq4Xs],
  ['TQ1_0', superBlocks.tq1_0],
  ['TQ2_0', superBlocks.tq2_0],
]);

/** What NumPy writes where safetensors has no name. */
const numpyNames: ReadonlyMap<string, string> = new Map([
  ['i2', 'I16'],
  ['u2', 'U16'],
  ['i4', 'I32'],
  ['u4', 'U32'],
  ['i8', 'I64'],
  ['u8', 'U64'],
  ['f2', 'F16'],
  ['f4', 'F32'],
  ['f8', 'F64'],
  ['c8', 'C64'],
  ['c16', 'COMPLEX128'],
]);

export interface FoundType {
  readonly type: ElementType;
  /** Where the name itself says so. */
  readonly bigEndian: boolean;
}

export function elementType(dtype: string): FoundType | undefined {
  const bigEndian = dtype.startsWith('>');
  const name = bigEndian || dtype.startsWith('<') ? numpyNames.get(dtype.slice(1)) : dtype;
  const type = name === undefined ? undefined : types.get(name);
  return type && { type, bigEndian };
}

/** Texts, dates and objects, by the names of all readers: their bytes are all that there is to compare. */
const notNumbers = /^(?:TEXT|BYTES|STRING|\|O|[<>|][USMm]\d.*)$/;

export function holdsNoNumbers(dtype: string): boolean {
  return notNumbers.test(dtype);
}
