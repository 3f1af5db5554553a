import { Malformed, type ByteCursor } from '../byteCursor.ts';
import { readField, type Field } from '../protobuf.ts';
import type { AddRange, ElementBytes } from './range.ts';

type Kind = 'model' | 'training' | 'function' | 'graph' | 'node' | 'attribute' | 'sparse';

/** By message and field number, the messages in which tensors can be. */
const children: Readonly<Record<Kind, ReadonlyMap<number, Kind | 'tensor'>>> = {
  model: new Map([
    [7, 'graph'],
    [20, 'training'],
    [25, 'function'],
  ]),
  training: new Map([
    [1, 'graph'],
    [2, 'graph'],
  ]),
  function: new Map([
    [7, 'node'],
    [11, 'attribute'],
  ]),
  graph: new Map([
    [1, 'node'],
    [5, 'tensor'],
    [15, 'sparse'],
  ]),
  node: new Map([[5, 'attribute']]),
  attribute: new Map([
    [5, 'tensor'],
    [6, 'graph'],
    [10, 'tensor'],
    [11, 'graph'],
    [22, 'sparse'],
    [23, 'sparse'],
  ]),
  sparse: new Map([
    [1, 'tensor'],
    [2, 'tensor'],
  ]),
};

const nodeField = { output: 2, name: 3 };
const tensorField = { dataType: 2, floatData: 4, name: 8, rawData: 9, doubleData: 10 };

/** Bytes of the data types; those that are not here have one, or less. */
const elementBytes: ReadonlyMap<number, ElementBytes> = new Map([
  [1, 4],
  [4, 2],
  [5, 2],
  [6, 4],
  [7, 8],
  [10, 2],
  [11, 8],
  [12, 4],
  [13, 8],
  [14, 4],
  [15, 8],
  [16, 2],
]);

/** Graphs in attributes in nodes: real ones are a few deep. */
const maxDepth = 100;
const maxName = 4096;

export async function onnxRanges(cursor: ByteCursor, add: AddRange): Promise<void> {
  await walk(cursor, 'model', cursor.size, '', 0, add);
}

/** @param owner what a tensor is called that has no name of its own: the node that holds it */
async function walk(
  cursor: ByteCursor,
  kind: Kind,
  end: number,
  owner: string,
  depth: number,
  add: AddRange,
): Promise<void> {
  if (depth > maxDepth) throw new Malformed();
  let inner = owner;
  while (cursor.offset < end) {
    const field = await readField(cursor, end);
    const child = field.wireType === 2 ? children[kind].get(field.number) : undefined;
    if (child === 'tensor') await readTensor(cursor, field.end, inner, add);
    else if (child) await walk(cursor, child, field.end, inner, depth + 1, add);
    else if (kind === 'node' && (field.number === nodeField.name || field.number === nodeField.output)) {
      inner = (await readName(cursor, field)) || inner;
    }
    cursor.moveTo(field.end);
  }
}

async function readTensor(cursor: ByteCursor, end: number, owner: string, add: AddRange): Promise<void> {
  let name = '';
  let dataType = 0;
  let data: Field | undefined;
  while (cursor.offset < end) {
    const field = await readField(cursor, end);
    const { number, wireType } = field;
    if (number === tensorField.dataType && wireType === 0) dataType = Number(field.value);
    else if (number === tensorField.name) name = await readName(cursor, field);
    else if (wireType === 2 && isData(number)) data = field;
    cursor.moveTo(field.end);
  }
  if (!data) return;
  add({
    name: name || owner,
    start: data.start,
    length: data.end - data.start,
    elementBytes: elementBytes.get(dataType) ?? 1,
  });
}

/** The fields whose bytes are the elements as they are in memory; numbers of other fields are varints. */
function isData(number: number): boolean {
  return (
    number === tensorField.rawData || number === tensorField.floatData || number === tensorField.doubleData
  );
}

async function readName(cursor: ByteCursor, { wireType, start, end }: Field): Promise<string> {
  return wireType === 2 && end - start <= maxName ? cursor.text(end - start, maxName) : '';
}
