import { elementTexts } from '../elementTexts.ts';
import { elementCount } from '../numberText.ts';
import { eachField, eachVarint, signed, type Field } from '../protobuf.ts';
import type { TensorInfo } from '../summary.ts';
import { readShape, shapeText, type TensorflowFile } from './file.ts';
import { tensorflowType } from './types.ts';

/** Tensors up to this length are shown by their values. */
const maxShown = 16;

export interface TensorValue {
  readonly info: Omit<TensorInfo, 'name'>;
  readonly text: string;
}

/** A TensorProto; its elements are passed over, but for a few. */
export async function readTensor(file: TensorflowFile, end: number): Promise<TensorValue> {
  const { cursor } = file;
  let number = 0;
  let shape: readonly number[] | undefined = [];
  let content: Field | undefined;
  const values: string[] = [];
  await eachField(cursor, end, async (field) => {
    const { wireType, value, start, end } = field;
    if (field.number === 1 && wireType === 0) number = Number(value);
    else if (field.number === 2 && wireType === 2) shape = await readShape(file, end);
    else if (field.number === 4 && wireType === 2) content = field;
    else if (values.length > maxShown || end - start > 8 * maxShown) return;
    else if (field.number === 5 || field.number === 6) {
      const type = field.number === 5 ? 'F32' : 'F64';
      values.push(...(elementTexts(type, await cursor.bytes(end - start, 8 * maxShown)) ?? []));
    } else if (field.number === 7 || field.number === 10 || field.number === 11) {
      await eachVarint(cursor, field, (value) => values.push(String(signed(value))));
    }
  });
  const { name: dtype, bytes } = tensorflowType(number);
  const elements = elementCount(shape ?? []) ?? 0;
  if (content && content.end - content.start <= 8 * maxShown) {
    cursor.moveTo(content.start);
    values.push(
      ...(elementTexts(dtype, await cursor.bytes(content.end - content.start, 8 * maxShown)) ?? []),
    );
  }
  const type = `${dtype} ${shapeText(shape)}`;
  const range = content && { byteOffset: content.start, byteLength: content.end - content.start };
  return {
    info: { dtype, shape: shape ?? [], ...(range ?? (bytes > 0 ? { byteLength: elements * bytes } : {})) },
    // A shorter list repeats its last value.
    text: values.length > 0 && values.length <= maxShown ? `${type} = ${values.join(', ')}` : type,
  };
}
