import { eachField, type Field } from '../protobuf.ts';
import { readAttribute } from './attribute.ts';
import { fieldText, readEntry, type TensorflowFile } from './file.ts';
import type { TensorValue } from './tensor.ts';

/** Operators that run Python, or read and write files wherever they are told to. */
const dangerous: ReadonlySet<string> = new Set([
  'PyFunc',
  'PyFuncStateless',
  'EagerPyFunc',
  'ReadFile',
  'WriteFile',
  'MatchingFiles',
]);

/** A GraphDef, with the functions that it brings along. */
export async function readGraphDef(
  file: TensorflowFile,
  end: number,
  danger: (op: string, at: number) => void,
): Promise<void> {
  const { cursor, draft } = file;
  await eachField(cursor, end, async (field) => {
    if (field.wireType !== 2) return;
    if (field.number === 1) await readNode(file, field, '', danger);
    else if (field.number === 2) {
      await eachField(cursor, field.end, async (part) => {
        if (part.number === 1 && part.wireType === 2) await readFunction(file, part, danger);
      });
    } else if (field.number === 4) {
      await eachField(cursor, field.end, ({ number, wireType, value }) => {
        if (number === 1 && wireType === 0) draft.formatVersion = `GraphDef ${value}`;
      });
    }
  });
}

async function readFunction(
  file: TensorflowFile,
  { end }: Field,
  danger: (op: string, at: number) => void,
): Promise<void> {
  let name = '';
  const nodes: Field[] = [];
  await eachField(file.cursor, end, async (field) => {
    if (field.wireType !== 2) return;
    if (field.number === 3) {
      file.draft.count();
      nodes.push(field);
    } else if (field.number === 1) {
      await eachField(file.cursor, field.end, async (part) => {
        if (part.number === 1) name = await fieldText(file, part);
      });
    }
  });
  for (const node of nodes) {
    file.cursor.moveTo(node.start);
    await readNode(file, node, `${name}/`, danger);
  }
}

async function readNode(
  file: TensorflowFile,
  node: Field,
  prefix: string,
  danger: (op: string, at: number) => void,
): Promise<void> {
  const { cursor, draft } = file;
  draft.count(3);
  let name = '';
  let op = '';
  const inputs: string[] = [];
  const attributes = new Map<string, string>();
  let value: TensorValue | undefined;
  let shape: readonly number[] | undefined;
  await eachField(cursor, node.end, async (field) => {
    if (field.number === 1) name = await fieldText(file, field);
    else if (field.number === 2) op = await fieldText(file, field);
    else if (field.number === 3) {
      draft.count();
      inputs.push(await fieldText(file, field));
    } else if (field.number === 5 && field.wireType === 2) {
      const entry = await readEntry(file, field.end);
      // What begins so is of no concern to anyone but TensorFlow itself.
      if (!entry.value || entry.key.startsWith('_')) return;
      draft.count();
      cursor.moveTo(entry.value.start);
      const attribute = await readAttribute(file, entry.value.end);
      attributes.set(entry.key, attribute.text);
      if (entry.key === 'value') value = attribute.tensor;
      if (entry.key === 'shape') shape = attribute.shape;
    }
  });
  const full = `${prefix}${name}`;
  file.nodes.push({ name: full, op, domain: '', inputs, outputs: [full], attributes });
  // Small ones are settings such as an axis, which the attribute shows.
  if (op === 'Const' && value?.info.byteOffset !== undefined)
    draft.tensors.push({ name: full, ...value.info });
  else if (op === 'VarHandleOp' || op === 'VariableV2') {
    // The bytes are in the files beside this one.
    draft.tensors.push({
      name: attributes.get('shared_name') || full,
      dtype: attributes.get('dtype') ?? '?',
      shape: shape ?? [],
    });
  }
  if (dangerous.has(op)) danger(op, node.start);
}
