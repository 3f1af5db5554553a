import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { elementCount, float32Text } from '../numberText.ts';
import { eachField, eachVarint, signed, type Field } from '../protobuf.ts';
import { AttributeList } from '../attributeList.ts';
import { fieldText, type OnnxFile } from './file.ts';
import { readTensor, type OnnxTensor } from './tensor.ts';
import { readType } from './types.ts';

/** What holds an attribute. */
export interface AttributeOwner {
  /** Stands in front of the names of what the attribute holds. */
  readonly prefix: string;
  /** What the tensor of a Constant is called: what the node gives out. */
  readonly value?: string;
  readonly depth: number;
}

/** Longer ones are shown by their length and hash. */
const maxString = 1000;
const floatsAtOnce = 4096;

/** Reads an AttributeProto from the cursor: its name, and its value as text. Tensors and graphs in it are taken note of. */
export async function readAttribute(
  file: OnnxFile,
  end: number,
  owner: AttributeOwner,
): Promise<readonly [name: string, text: string]> {
  const { cursor } = file;
  let name = '';
  let text = '';
  let listKind: string | undefined;
  const list = new AttributeList();
  const inside: Field[] = [];
  await eachField(cursor, end, async (field) => {
    const { number, wireType, value } = field;
    if (number === 1) name = await fieldText(file, field);
    else if (number === 2 && wireType === 5) await eachFloat(file, field, (float) => (text = float));
    else if (number === 3 && wireType === 0) text = String(signed(value));
    else if (number === 4 && wireType === 2) text = await stringText(file, field);
    else if (number === 7) {
      listKind = 'floats';
      await eachFloat(file, field, (float) => list.add(float));
    } else if (number === 8) {
      listKind = 'ints';
      await eachVarint(cursor, field, (int) => list.add(String(signed(int))));
    } else if (number === 9 && wireType === 2) {
      listKind = 'strings';
      list.add(JSON.stringify(await stringText(file, field)));
    } else if ((number === 14 || number === 15) && wireType === 2) {
      const { dtype = '?', shape } = await readType(file, field.end, 0);
      text = shape ? `${dtype} [${shape.map((dimension) => dimension ?? '?').join(', ')}]` : dtype;
    } else if (number === 21 && wireType === 2) text = `@${await fieldText(file, field)}`;
    // These need the name, which may come after them.
    else if (wireType === 2 && holders.has(number)) inside.push(field);
  });
  if (listKind !== undefined) text = list.text(listKind);
  const texts: string[] = [];
  for (const field of inside) texts.push(await readInside(file, field, name, owner));
  return [name, texts.length > 0 ? texts.join('; ') : text];
}

const tensor = 5;
const graph = 6;
const graphs = 11;
const sparse = 22;
const sparses = 23;
/** Fields that hold tensors and graphs. */
const holders: ReadonlySet<number> = new Set([tensor, graph, 10, graphs, sparse, sparses]);

async function readInside(
  file: OnnxFile,
  { number, start, end }: Field,
  name: string,
  { prefix, value, depth }: AttributeOwner,
): Promise<string> {
  const path = `${prefix}${name}`;
  if (number === graph || number === graphs) {
    file.draft.count();
    file.pending.push({ kind: 'graph', start, end, prefix: `${path}/`, depth: depth + 1 });
    return 'graph';
  }
  file.cursor.moveTo(start);
  if (number === sparse || number === sparses) {
    const read = await readSparse(file, end, () => value ?? path);
    if (value !== undefined) file.weights.push(withoutValues(read));
    return tensorText(read);
  }
  const read = await readTensor(file, end, (own) => value ?? (own === '' ? path : `${prefix}${own}`));
  // A few whole numbers are axes and shapes, which the text shows; exporters write hundreds of them.
  const isSetting = read.values !== undefined && !read.dtype.startsWith('F');
  if (!isSetting) {
    const tensor = withoutValues(read);
    file.draft.tensors.push(tensor);
    // One number is part of a formula: an epsilon, the root of a size.
    if (value !== undefined && elementCount(tensor.shape) !== 1) file.weights.push(tensor);
  }
  return tensorText(read);
}

/** A SparseTensorProto: its values stand for it, under its name. */
export async function readSparse(
  file: OnnxFile,
  end: number,
  nameOf: (own: string) => string,
): Promise<OnnxTensor> {
  const parts = new Map<number, Field>();
  await eachField(file.cursor, end, (field) => {
    if (field.wireType === 2) parts.set(field.number, field);
  });
  const read = async (number: number, name: (own: string) => string): Promise<OnnxTensor> => {
    const part = parts.get(number);
    if (!part) return { name: name(''), dtype: '?', shape: [] };
    file.cursor.moveTo(part.start);
    const tensor = await readTensor(file, part.end, name);
    file.draft.tensors.push(withoutValues(tensor));
    return tensor;
  };
  const values = await read(1, nameOf);
  await read(2, () => `${values.name}/indices`);
  return values;
}

export function withoutValues({ values: _values, ...info }: OnnxTensor): Omit<OnnxTensor, 'values'> {
  return info;
}

function tensorText({ dtype, shape, values }: OnnxTensor): string {
  const type = `${dtype} [${shape.join(', ')}]`;
  return values ? `${type} = ${values.join(', ')}` : type;
}

async function eachFloat(
  { cursor }: OnnxFile,
  { wireType, start, end }: Field,
  visit: (text: string) => void,
): Promise<void> {
  if (wireType !== 5 && wireType !== 2) return;
  cursor.moveTo(start);
  while (cursor.offset + 4 <= end) {
    const length = Math.min(floatsAtOnce, Math.floor((end - cursor.offset) / 4)) * 4;
    const { buffer } = await cursor.bytes(length, length);
    const view = new DataView(buffer);
    for (let at = 0; at < length; at += 4) visit(float32Text(view.getFloat32(at, true)));
  }
}

/** Bytes that are text, or the length and hash of others: a compiled engine, or a script. */
async function stringText(file: OnnxFile, { start, end }: Field): Promise<string> {
  const { cursor, draft } = file;
  const length = end - start;
  if (length <= maxString) {
    const bytes = await cursor.bytes(length, maxString);
    if (isUtf8(bytes)) {
      cursor.moveTo(start);
      return draft.text(cursor, length, maxString);
    }
  }
  const hash = createHash('sha256');
  cursor.moveTo(start);
  while (cursor.offset < end)
    hash.update(await cursor.bytes(Math.min(hashedAtOnce, end - cursor.offset), hashedAtOnce));
  return `bytes[${length}] sha256 ${hash.digest('hex').slice(0, 16)}`;
}

const hashedAtOnce = 2 ** 20;
