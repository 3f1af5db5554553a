import * as l10n from '@vscode/l10n';
import type { ByteCursor } from '../byteCursor.ts';
import { displayText } from '../displayText.ts';
import { FlatBuffer } from '../flatBuffer.ts';
import { elementCount } from '../numberText.ts';
import { quantizerText } from '../quantizerText.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import type { GraphNode, GraphValue, ModelSummary } from '../summary.ts';
import { summarize, type SummaryDraft } from '../summaryDraft.ts';
import { readBuffers, type BufferRange } from './buffers.ts';
import { tfliteOperators } from './operators.ts';
import { readSubgraph, type Operator, type Subgraph } from './subgraph.ts';

const maxName = 16 * 1024;
/** Longer metadata are told by their length. */
const maxMetadata = 1000;

const slot = {
  version: 0,
  operators: 1,
  subgraphs: 2,
  description: 3,
  buffers: 4,
  metadata: 6,
  signatures: 7,
};

/** Reads a model of TensorFlow Lite in place; the options of operators are not decoded. */
export async function readTflite(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  const nodes: GraphNode[] = [];
  const subgraphs: Subgraph[] = [];
  return summarize(
    'tflite',
    access,
    context,
    (draft, cursor) => read(draft, cursor, nodes, subgraphs),
    (draft) => finish(draft, nodes, subgraphs[0]),
  );
}

async function read(
  draft: SummaryDraft,
  cursor: ByteCursor,
  nodes: GraphNode[],
  subgraphs: Subgraph[],
): Promise<void> {
  const buffer = new FlatBuffer(cursor, 0, cursor.size);
  const model = await buffer.root();
  draft.formatVersion = String(await buffer.scalar(model[slot.version], 'u32', 0));
  const description = await buffer.text(model[slot.description], maxName);
  if (description !== '') draft.metadata.set('description', description);
  const buffers = await readBuffers(draft, buffer, model[slot.buffers]);
  await readMetadata(draft, cursor, buffer, model[slot.metadata], buffers);
  await readSignatures(draft, buffer, model[slot.signatures]);
  const operators = await readOperators(draft, buffer, model[slot.operators]);
  for await (const table of buffer.tables(model[slot.subgraphs])) {
    draft.count();
    subgraphs.push(
      await readSubgraph(draft, buffer, table, { index: subgraphs.length, buffers, operators, nodes }),
    );
  }
  if (subgraphs.length === 0) draft.damaged(l10n.t('There is no graph in the file.'), 0);
}

async function readOperators(
  draft: SummaryDraft,
  buffer: FlatBuffer,
  field: number | undefined,
): Promise<readonly Operator[]> {
  const operators: Operator[] = [];
  for await (const code of buffer.tables(field)) {
    draft.count();
    const custom = await buffer.text(code[1], maxName);
    // The number had one byte at first.
    const number = Math.max(await buffer.scalar(code[0], 'i8', 0), await buffer.scalar(code[3], 'i32', 0));
    if (custom === '') operators.push({ op: tfliteOperators[number] ?? `operator ${number}`, domain: '' });
    else {
      operators.push({ op: custom, domain: 'custom' });
      const message = l10n.t(
        'The operator "{0}" does not belong to TensorFlow Lite: only a program that brings it along can run the model.',
        displayText(custom),
      );
      draft.findings.warning(message, code[1] ?? 0);
    }
  }
  return operators;
}

async function readMetadata(
  draft: SummaryDraft,
  cursor: ByteCursor,
  buffer: FlatBuffer,
  field: number | undefined,
  buffers: readonly BufferRange[],
): Promise<void> {
  for await (const entry of buffer.tables(field)) {
    draft.count();
    const name = await buffer.text(entry[0], maxName);
    const range = buffers[await buffer.scalar(entry[1], 'u32', 0)];
    let value = `${range?.length ?? 0} bytes`;
    if (range && range.length > 0 && range.length <= maxMetadata) {
      cursor.moveTo(range.start);
      const text = (await draft.text(cursor, range.length, maxMetadata)).replace(/\0+$/, '');
      // A version, or whatever else is a word; much is in a form of its own.
      if (/^[ -~]*$/.test(text)) value = text;
    }
    draft.metadata.set(name, value);
  }
}

async function readSignatures(
  draft: SummaryDraft,
  buffer: FlatBuffer,
  field: number | undefined,
): Promise<void> {
  for await (const signature of buffer.tables(field)) {
    draft.count();
    const names = async (maps: number | undefined): Promise<string> => {
      const found: string[] = [];
      for await (const map of buffer.tables(maps)) {
        draft.count();
        found.push(await buffer.text(map[0], maxName));
      }
      return found.join(', ');
    };
    const key = await buffer.text(signature[2], maxName);
    draft.metadata.set(`signature ${key}`, `(${await names(signature[0])}) -> ${await names(signature[1])}`);
  }
}

function finish(draft: SummaryDraft, nodes: readonly GraphNode[], main: Subgraph | undefined): void {
  const values = (ids: readonly number[]): GraphValue[] =>
    ids.flatMap((id) => {
      const tensor = main?.tensors[id];
      if (!tensor) return [];
      const { quantizer, ...value } = tensor;
      return [quantizer ? { ...value, quantizer: quantizerText(quantizer) } : value];
    });
  if (main) draft.graph = { inputs: values(main.inputs), outputs: values(main.outputs), nodes, opsets: [] };
  const own = draft.tensors.filter(({ sharesStorageWith }) => sharesStorageWith === undefined);
  const counts = own.map(({ shape }) => elementCount(shape) ?? Number.NaN);
  const parameters = counts.reduce((sum, count) => sum + count, 0);
  if (Number.isSafeInteger(parameters)) draft.parameters = parameters;
}
