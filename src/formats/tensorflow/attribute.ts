import { isUtf8 } from 'node:buffer';
import { float32Text } from '../numberText.ts';
import { eachField, eachVarint, signed, type Field } from '../protobuf.ts';
import { AttributeList } from '../attributeList.ts';
import { fieldText, readShape, shapeText, type TensorflowFile } from './file.ts';
import { readTensor, type TensorValue } from './tensor.ts';
import { tensorflowType } from './types.ts';

export interface AttributeValue {
  readonly text: string;
  readonly tensor?: TensorValue;
  readonly shape?: readonly number[];
}

const maxString = 1000;

/** An AttrValue, or the list in one: its fields have the same numbers. */
export async function readAttribute(file: TensorflowFile, end: number): Promise<AttributeValue> {
  let value: AttributeValue = { text: '' };
  await eachField(file.cursor, end, async (field) => {
    if (field.number === 1 && field.wireType === 2) {
      const list = new AttributeList();
      let kind = 'list';
      await eachField(file.cursor, field.end, async (item) => {
        kind = kinds[item.number] ?? kind;
        await eachItem(file, item, ({ text }) => list.add(text));
      });
      value = { text: list.text(kind) };
    } else await eachItem(file, field, (item) => (value = item));
  });
  return value;
}

const kinds: Readonly<Record<number, string>> = {
  2: 'strings',
  3: 'ints',
  4: 'floats',
  5: 'bools',
  6: 'types',
};

async function eachItem(
  file: TensorflowFile,
  field: Field,
  add: (value: AttributeValue) => void,
): Promise<void> {
  const { number, wireType, end } = field;
  const { cursor } = file;
  if (number === 2 && wireType === 2) add({ text: await stringText(file, field) });
  else if (number === 3) await eachVarint(cursor, field, (int) => add({ text: String(signed(int)) }));
  else if (number === 4 && wireType !== 0) await eachFloat(file, field, (text) => add({ text }));
  else if (number === 5) await eachVarint(cursor, field, (flag) => add({ text: String(flag !== 0n) }));
  else if (number === 6)
    await eachVarint(cursor, field, (type) => add({ text: tensorflowType(Number(type)).name }));
  else if (wireType !== 2) return;
  else if (number === 7) {
    const shape = await readShape(file, end);
    add({ text: shapeText(shape), shape });
  } else if (number === 8) {
    const tensor = await readTensor(file, end);
    add({ text: tensor.text, tensor });
  } else if (number === 9) add({ text: `@${await fieldText(file, field)}` });
  else if (number === 10) {
    await eachField(cursor, end, async (part) => {
      if (part.number === 1) add({ text: await fieldText(file, part) });
    });
  }
}

async function eachFloat(
  { cursor }: TensorflowFile,
  { end }: Field,
  add: (text: string) => void,
): Promise<void> {
  while (cursor.offset + 4 <= end) {
    const { buffer } = await cursor.bytes(4, 4);
    add(float32Text(new DataView(buffer).getFloat32(0, true)));
  }
}

async function stringText({ cursor }: TensorflowFile, { start, end }: Field): Promise<string> {
  if (end - start > maxString) return `bytes[${end - start}]`;
  const bytes = await cursor.bytes(end - start, maxString);
  return isUtf8(bytes) ? Buffer.from(bytes).toString() : `bytes[${bytes.length}]`;
}
