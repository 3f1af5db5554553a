import { Malformed } from '../byteCursor.ts';
import { eachField, type Field } from '../protobuf.ts';
import type { GraphValue } from '../summary.ts';
import { readAttribute, readSparse, withoutValues } from './attribute.ts';
import { fieldText, type OnnxFile, type Pending } from './file.ts';
import { readTensor } from './tensor.ts';
import { readValueInfo } from './types.ts';

/** Graphs in attributes of nodes of graphs: real ones are a few deep. */
const maxDepth = 32;

export interface Graph {
  name: string;
  readonly inputs: GraphValue[];
  readonly outputs: GraphValue[];
  readonly initializers: Set<string>;
}

export function emptyGraph(): Graph {
  return { name: '', inputs: [], outputs: [], initializers: new Set() };
}

/** Reads a GraphProto or the body of a FunctionProto; its nodes and tensors go to the file's, its own graphs wait. */
export async function readGraph(
  file: OnnxFile,
  { kind, start, end, prefix, depth }: Pending,
  graph: Graph,
): Promise<void> {
  const { cursor, draft } = file;
  if (depth > maxDepth) throw new Malformed();
  const nodeField = kind === 'graph' ? 1 : 7;
  cursor.moveTo(start);
  await eachField(cursor, end, async (field) => {
    const { number, wireType, end } = field;
    if (wireType !== 2) return;
    if (number === nodeField) await readNode(file, field, prefix, depth);
    else if (kind === 'function') {
      // The default value of an attribute.
      if (number === 11) await readAttribute(file, end, { prefix, depth });
    } else if (number === 2) graph.name = await fieldText(file, field);
    else if (number === 5) {
      const tensor = withoutValues(await readTensor(file, end, (own) => `${prefix}${own}`));
      draft.tensors.push(tensor);
      file.weights.push(tensor);
      graph.initializers.add(tensor.name);
    } else if (number === 15) {
      const tensor = await readSparse(file, end, (own) => `${prefix}${own}`);
      file.weights.push(tensor);
      graph.initializers.add(tensor.name);
    } else if (number === 11) graph.inputs.push(await readValueInfo(file, end));
    else if (number === 12) graph.outputs.push(await readValueInfo(file, end));
  });
}

const noAttributes: ReadonlyMap<string, string> = new Map();

async function readNode(file: OnnxFile, node: Field, prefix: string, depth: number): Promise<void> {
  const { cursor, draft } = file;
  const inputs: string[] = [];
  const outputs: string[] = [];
  let name = '';
  let op = '';
  let domain = '';
  const attributes: Field[] = [];
  draft.count(3);
  await eachField(cursor, node.end, async (field) => {
    const { number, wireType } = field;
    if (wireType !== 2) return;
    if (number === 1) inputs.push(await counted(file, field));
    else if (number === 2) outputs.push(await counted(file, field));
    else if (number === 3) name = await fieldText(file, field);
    else if (number === 4) op = await fieldText(file, field);
    else if (number === 7) domain = await fieldText(file, field);
    else if (number === 5) attributes.push(field);
  });
  const texts = attributes.length === 0 ? noAttributes : new Map<string, string>();
  const owner = `${prefix}${name || outputs[0] || op}/`;
  const value = op === 'Constant' && outputs[0] !== undefined ? `${prefix}${outputs[0]}` : undefined;
  for (const { start, end } of attributes) {
    draft.count();
    cursor.moveTo(start);
    const [key, text] = await readAttribute(file, end, { prefix: owner, value, depth });
    (texts as Map<string, string>).set(key, text);
  }
  if (domain === 'ai.onnx') domain = '';
  const shownName = prefix === '' || name !== '' ? `${prefix}${name}` : prefix.slice(0, -1);
  file.nodes.push({ name: shownName, op, domain, inputs, outputs, attributes: texts });
  const key = `${domain}:${op}`;
  if (!standardDomains.has(domain) && !file.custom.has(key)) file.custom.set(key, node.start);
}

/** What every runtime that calls itself one of ONNX has. */
const standardDomains: ReadonlySet<string> = new Set([
  '',
  'ai.onnx.ml',
  'ai.onnx.training',
  'ai.onnx.preview.training',
]);

async function counted(file: OnnxFile, field: Field): Promise<string> {
  file.draft.count();
  return fieldText(file, field);
}
