import { eachField, type Field } from '../protobuf.ts';
import type { GraphValue } from '../summary.ts';
import { fieldText, readEntry, readShape, type Signature, type TensorflowFile } from './file.ts';
import { readGraphDef } from './graphDef.ts';
import { tensorflowType } from './types.ts';

/** A SavedModel: graphs, each with what it is for and how it is called. */
export async function readSavedModel(
  file: TensorflowFile,
  danger: (op: string, at: number) => void,
): Promise<void> {
  const { cursor } = file;
  await eachField(cursor, cursor.size, async (field) => {
    if (field.number !== 2 || field.wireType !== 2) return;
    await eachField(cursor, field.end, async (part) => {
      if (part.wireType !== 2) return;
      if (part.number === 1) await readMetaInfo(file, part);
      else if (part.number === 2) await readGraphDef(file, part.end, danger);
      else if (part.number === 5) await readSignature(file, part);
    });
  });
}

async function readMetaInfo(file: TensorflowFile, { end }: Field): Promise<void> {
  const tags: string[] = [];
  await eachField(file.cursor, end, async (field) => {
    if (field.number === 4) tags.push(await fieldText(file, field));
    else if (field.number === 5) file.draft.producer = `TensorFlow ${await fieldText(file, field)}`;
  });
  if (tags.length > 0) file.draft.metadata.set('tags', tags.join(', '));
}

async function readSignature(file: TensorflowFile, { end }: Field): Promise<void> {
  const { key, value } = await readEntry(file, end);
  if (!value) return;
  const inputs: GraphValue[] = [];
  const outputs: GraphValue[] = [];
  file.draft.count();
  file.cursor.moveTo(value.start);
  await eachField(file.cursor, value.end, async (field) => {
    if (field.wireType !== 2 || field.number > 2) return;
    (field.number === 1 ? inputs : outputs).push(await readArgument(file, field));
  });
  const byName = (a: GraphValue, b: GraphValue): number => (a.name < b.name ? -1 : 1);
  // A map has no order of its own.
  const signature: Signature = { inputs: inputs.sort(byName), outputs: outputs.sort(byName) };
  file.signatures.set(key, signature);
  const names = (values: readonly GraphValue[]): string => values.map(({ name }) => name).join(', ');
  file.draft.metadata.set(`signature ${key}`, `(${names(inputs)}) -> ${names(outputs)}`);
}

async function readArgument(file: TensorflowFile, { end }: Field): Promise<GraphValue> {
  const { key, value } = await readEntry(file, end);
  let dtype: string | undefined;
  let shape: (number | null)[] | undefined;
  file.draft.count();
  if (value) {
    file.cursor.moveTo(value.start);
    await eachField(file.cursor, value.end, async (field) => {
      if (field.number === 2 && field.wireType === 0) dtype = tensorflowType(Number(field.value)).name;
      else if (field.number === 3 && field.wireType === 2) {
        shape = (await readShape(file, field.end))?.map((size) => (size < 0 ? null : size));
      }
    });
  }
  return { name: key, dtype, shape };
}
