import { Malformed } from '../byteCursor.ts';
import { eachField, signed, type Field } from '../protobuf.ts';
import type { GraphValue } from '../summary.ts';
import { fieldText, type OnnxFile } from './file.ts';

export interface OnnxType {
  /** As safetensors names it, or as ONNX does. */
  readonly name: string;
  /** Of an element; 0 where elements differ in length. */
  readonly bits: number;
}

const types: ReadonlyMap<number, OnnxType> = new Map(
  (
    [
      [1, 'F32', 32],
      [2, 'U8', 8],
      [3, 'I8', 8],
      [4, 'U16', 16],
      [5, 'I16', 16],
      [6, 'I32', 32],
      [7, 'I64', 64],
      [8, 'STRING', 0],
      [9, 'BOOL', 8],
      [10, 'F16', 16],
      [11, 'F64', 64],
      [12, 'U32', 32],
      [13, 'U64', 64],
      [14, 'C64', 64],
      [15, 'COMPLEX128', 128],
      [16, 'BF16', 16],
      [17, 'F8_E4M3', 8],
      [18, 'F8_E4M3FNUZ', 8],
      [19, 'F8_E5M2', 8],
      [20, 'F8_E5M2FNUZ', 8],
      [21, 'UINT4', 4],
      [22, 'INT4', 4],
      [23, 'F4', 4],
      [24, 'F8_E8M0', 8],
      [25, 'UINT2', 2],
      [26, 'INT2', 2],
      [27, 'F6_E2M3', 6],
      [28, 'F6_E3M2', 6],
    ] as const
  ).map(([id, name, bits]) => [id, { name, bits }]),
);

export function onnxType(id: number): OnnxType {
  return types.get(id) ?? { name: `type ${id}`, bits: 0 };
}

/** Sequences of maps of tensors: real ones are three deep. */
const maxDepth = 16;

type Shape = (number | string | null)[];

/** An input or output, from its ValueInfoProto. */
export async function readValueInfo(file: OnnxFile, end: number): Promise<GraphValue> {
  let name = '';
  let type: Omit<GraphValue, 'name'> = {};
  await eachField(file.cursor, end, async (field) => {
    if (field.number === 1) name = await fieldText(file, field);
    else if (field.number === 2 && field.wireType === 2) type = await readType(file, field.end, 0);
  });
  file.draft.count();
  return { name, ...type };
}

/** A TypeProto: of a tensor its type and shape, of anything else a text such as `sequence(map(I64, F32))`. */
export async function readType(
  file: OnnxFile,
  end: number,
  depth: number,
): Promise<{ dtype?: string; shape?: Shape }> {
  if (depth > maxDepth) throw new Malformed();
  let dtype: string | undefined;
  let shape: Shape | undefined;
  const inner = async (field: Field, number: number): Promise<string> => {
    let text = '?';
    file.cursor.moveTo(field.start);
    await eachField(file.cursor, field.end, async (part) => {
      if (part.number !== number || part.wireType !== 2) return;
      text = (await readType(file, part.end, depth + 1)).dtype ?? '?';
    });
    return text;
  };
  await eachField(file.cursor, end, async (field) => {
    if (field.wireType !== 2) return;
    if (field.number === 1 || field.number === 8) {
      ({ dtype, shape } = await readTensorType(file, field.end));
      if (field.number === 8) dtype = `sparse(${dtype})`;
    } else if (field.number === 4) dtype = `sequence(${await inner(field, 1)})`;
    else if (field.number === 9) dtype = `optional(${await inner(field, 1)})`;
    else if (field.number === 5) dtype = `map(${await mapKey(file, field)}, ${await inner(field, 2)})`;
    else if (field.number === 7) dtype = 'opaque';
  });
  return { dtype, shape };
}

async function mapKey(file: OnnxFile, { end }: Field): Promise<string> {
  let key = '?';
  await eachField(file.cursor, end, ({ number, wireType, value }) => {
    if (number === 1 && wireType === 0) key = onnxType(Number(value)).name;
  });
  return key;
}

async function readTensorType(file: OnnxFile, end: number): Promise<{ dtype: string; shape?: Shape }> {
  let dtype = '?';
  let shape: Shape | undefined;
  await eachField(file.cursor, end, async ({ number, wireType, value, end }) => {
    if (number === 1 && wireType === 0) dtype = onnxType(Number(value)).name;
    else if (number === 2 && wireType === 2) shape = await readShape(file, end);
  });
  return { dtype, shape };
}

async function readShape(file: OnnxFile, end: number): Promise<Shape> {
  const shape: Shape = [];
  await eachField(file.cursor, end, async (field) => {
    if (field.number !== 1 || field.wireType !== 2) return;
    let dimension: number | string | null = null;
    await eachField(file.cursor, field.end, async (part) => {
      if (part.number === 1 && part.wireType === 0) dimension = Number(signed(part.value));
      else if (part.number === 2) dimension = (await fieldText(file, part)) || null;
    });
    file.draft.count();
    shape.push(dimension);
  });
  return shape;
}
