import * as l10n from '@vscode/l10n';
import type { ByteCursor } from '../byteCursor.ts';
import { displayText } from '../displayText.ts';
import { elementCount } from '../numberText.ts';
import { eachField, signed, type Field } from '../protobuf.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import type { GraphSummary, ModelSummary } from '../summary.ts';
import { summarize, type SummaryDraft } from '../summaryDraft.ts';
import { ExternalFiles } from './externalData.ts';
import { fieldText, type OnnxFile } from './file.ts';
import { emptyGraph, readGraph, type Graph } from './graph.ts';
import { readEntry } from './tensor.ts';

type Opset = GraphSummary['opsets'][number];

/** Reads an ONNX model by its tags: the bytes of tensors are passed over. */
export async function readOnnx(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  const main = emptyGraph();
  const opsets: Opset[] = [];
  let file: OnnxFile | undefined;
  const read = async (draft: SummaryDraft, cursor: ByteCursor): Promise<void> => {
    file = {
      cursor,
      draft,
      nodes: [],
      pending: [],
      functions: new Set(),
      custom: new Map(),
      external: new ExternalFiles(),
      weights: [],
    };
    await readModel(file, main, opsets);
    await file.external.check(draft, context);
  };
  return summarize('onnx', access, context, read, () => file && finish(file, main, opsets));
}

async function readModel(file: OnnxFile, main: Graph, opsets: Opset[]): Promise<void> {
  const { cursor, draft, pending } = file;
  const props = new Map<string, string>();
  let producer = '';
  let producerVersion = '';
  let hasGraph = false;
  await eachField(cursor, cursor.size, async (field) => {
    const { number, wireType, value, start, end } = field;
    if (number === 1 && wireType === 0) draft.formatVersion = `IR ${signed(value)}`;
    else if (number === 5 && wireType === 0 && value !== 0n)
      draft.metadata.set('model_version', String(signed(value)));
    if (wireType !== 2) return;
    if (number === 2) producer = await fieldText(file, field);
    else if (number === 3) producerVersion = await fieldText(file, field);
    else if (number === 4) setText(draft, 'domain', await fieldText(file, field));
    else if (number === 6) setText(draft, 'doc_string', await fieldText(file, field));
    else if (number === 7) {
      hasGraph = true;
      await readGraph(file, { kind: 'graph', start, end, prefix: '', depth: 0 }, main);
    } else if (number === 8) opsets.push(await readOpset(file, field));
    else if (number === 14) await readEntry(file, field, props);
    else if (number === 20) await queueTraining(file, field);
    else if (number === 25) await queueFunction(file, field);
    draft.producer = `${producer} ${producerVersion}`.trim() || undefined;
  });
  if (!hasGraph) draft.damaged(l10n.t('There is no graph in the file.'), 0);
  else if (opsets.length === 0) {
    draft.damaged(l10n.t('The file does not say which version of the operators it uses.'), 0);
  }
  setText(draft, 'graph', main.name);
  for (const [key, value] of props) draft.metadata.set(key, value);
  // Grows while it is read.
  for (const next of pending) await readGraph(file, next, emptyGraph());
}

function setText(draft: SummaryDraft, key: string, value: string): void {
  if (value !== '') draft.metadata.set(key, value);
}

async function readOpset(file: OnnxFile, { end }: Field): Promise<Opset> {
  let domain = '';
  let version = 0;
  file.draft.count();
  await eachField(file.cursor, end, async (field) => {
    if (field.number === 1) domain = await fieldText(file, field);
    else if (field.number === 2 && field.wireType === 0) version = Number(signed(field.value));
  });
  return { domain: domain === 'ai.onnx' ? '' : domain, version };
}

/** A TrainingInfoProto: the graphs that initialise and that train. */
async function queueTraining({ cursor, draft, pending }: OnnxFile, { end }: Field): Promise<void> {
  await eachField(cursor, end, ({ number, wireType, start, end }) => {
    if (wireType !== 2 || number > 2) return;
    draft.count();
    const prefix = number === 1 ? 'initialization/' : 'training/';
    pending.push({ kind: 'graph', start, end, prefix, depth: 1 });
  });
}

async function queueFunction(file: OnnxFile, { start, end }: Field): Promise<void> {
  let name = '';
  let domain = '';
  file.draft.count();
  await eachField(file.cursor, end, async (field) => {
    if (field.number === 1) name = await fieldText(file, field);
    else if (field.number === 10) domain = await fieldText(file, field);
  });
  file.functions.add(`${domain}:${name}`);
  file.pending.push({ kind: 'function', start, end, prefix: `${name}/`, depth: 1 });
}

/** Operators that hold several weights to an element. */
const packing: ReadonlySet<string> = new Set(['MatMulNBits', 'MatMulBnb4', 'GatherBlockQuantized', 'QMoE']);

function finish(
  { draft, nodes, weights, functions, custom, external }: OnnxFile,
  main: Graph,
  opsets: Opset[],
): void {
  const { locations } = external;
  if (locations.length > 0) draft.externalData = locations;
  draft.graph = {
    // Before version 4 of the IR an initializer had to be an input as well.
    inputs: main.inputs.filter(({ name }) => !main.initializers.has(name)),
    outputs: main.outputs,
    nodes,
    opsets,
  };
  if (!nodes.some(({ op }) => packing.has(op))) {
    const counts = weights.map(({ dtype, shape }) => (dtype === 'STRING' ? 0 : elementCount(shape)));
    const parameters = counts.reduce<number>((sum, count) => sum + (count ?? Number.NaN), 0);
    if (Number.isSafeInteger(parameters)) draft.parameters = parameters;
  }
  const domains = new Set<string>();
  for (const [key, offset] of custom) {
    const domain = key.slice(0, key.lastIndexOf(':'));
    if (functions.has(key) || domains.has(domain)) continue;
    domains.add(domain);
    const message = l10n.t(
      'Operators of the domain "{0}" do not belong to ONNX: only a runtime that has them can run the model.',
      displayText(domain),
    );
    draft.findings.warning(message, offset);
  }
}
