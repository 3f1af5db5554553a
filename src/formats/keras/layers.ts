import type { GraphNode, GraphSummary, GraphValue } from '../summary.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import { isObject, listOf, settingText, stringOf, type Json, type JsonObject } from './json.ts';

/** Models in models: real ones are two or three deep. */
const maxDepth = 16;
/** Settings that are longer are cut. */
const maxSetting = 1000;

/** The layers of a model, those of models in it behind it, with what leads to each. */
export function readLayers(draft: SummaryDraft, model: JsonObject): GraphSummary | undefined {
  const nodes: GraphNode[] = [];
  const waiting: { readonly config: JsonObject; readonly prefix: string; readonly depth: number }[] = [];
  const open = (model: JsonObject, prefix: string, depth: number): void => {
    const { config } = model;
    if (isObject(config) && Array.isArray(config['layers']) && depth < maxDepth)
      waiting.push({ config, prefix, depth });
  };
  open(model, '', 0);
  const main = waiting[0]?.config;
  if (!main) return undefined;
  const inputs: GraphValue[] = [];
  // Grows while it is read.
  for (const { config, prefix, depth } of waiting) {
    let before: string | undefined;
    for (const layer of listOf(config['layers'])) {
      if (!isObject(layer)) continue;
      const node = nodeOf(draft, layer, prefix, before);
      nodes.push(node);
      before = node.outputs[0];
      if (prefix === '' && node.op === 'InputLayer') inputs.push(inputOf(layer, node.name));
      open(layer, `${node.name}/`, depth + 1);
    }
  }
  const told = references(main['output_layers']);
  const last = nodes.findLast(({ name }) => !name.includes('/'));
  const outputs = told.length > 0 ? told : last ? [last.name] : [];
  return { inputs, outputs: outputs.map((name) => ({ name })), nodes, opsets: [] };
}

function nodeOf(
  draft: SummaryDraft,
  layer: JsonObject,
  prefix: string,
  before: string | undefined,
): GraphNode {
  const config = isObject(layer['config']) ? layer['config'] : {};
  const own = stringOf(layer['name']) ?? stringOf(config['name']) ?? '';
  const name = `${prefix}${own}`;
  const attributes = new Map<string, string>();
  for (const [key, value] of Object.entries(config)) {
    // The layers of a model in the model have nodes of their own.
    if (key === 'name' || key === 'layers' || key.endsWith('_layers')) continue;
    draft.count();
    const text = settingText(value);
    attributes.set(key, text.length <= maxSetting ? text : `${text.slice(0, maxSetting)}…`);
  }
  // In a sequence each layer leads to the next; in other models a layer says what leads to it.
  const from = layer['inbound_nodes'] === undefined ? (before === undefined ? [] : [before]) : undefined;
  const inputs = from ?? references(layer['inbound_nodes']).map((name) => `${prefix}${name}`);
  draft.count(3 + inputs.length);
  return { name, op: stringOf(layer['class_name']) ?? '?', domain: '', inputs, outputs: [name], attributes };
}

/** The names of layers that are referred to: `["conv", 0, 0]`, on its own, in lists, or as the history of a tensor. */
function references(value: Json | undefined): string[] {
  const names: string[] = [];
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) {
      const list = value as readonly Json[];
      if (typeof list[0] === 'string' && typeof list[1] === 'number') names.push(list[0]);
      else for (const item of list) visit(item);
    } else if (isObject(value)) for (const item of Object.values(value)) visit(item);
  };
  visit(value);
  return names;
}

/** As safetensors names them. */
const types: ReadonlyMap<string, string> = new Map([
  ['float64', 'F64'],
  ['float32', 'F32'],
  ['float16', 'F16'],
  ['bfloat16', 'BF16'],
  ['int64', 'I64'],
  ['int32', 'I32'],
  ['int16', 'I16'],
  ['int8', 'I8'],
  ['uint8', 'U8'],
  ['bool', 'BOOL'],
]);

function inputOf(layer: JsonObject, name: string): GraphValue {
  const config = isObject(layer['config']) ? layer['config'] : {};
  const dtype = config['dtype'] === undefined ? '?' : settingText(config['dtype']);
  const shape = listOf(config['batch_shape'] ?? config['batch_input_shape']);
  return {
    name,
    dtype: types.get(dtype) ?? dtype,
    shape: shape.map((size) => (typeof size === 'number' ? size : null)),
  };
}
