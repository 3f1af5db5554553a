import * as l10n from '@vscode/l10n';
import { displayText } from '../displayText.ts';
import { elementCount } from '../numberText.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import type { GraphNode, GraphValue, ModelSummary } from '../summary.ts';
import { summarize, type SummaryDraft } from '../summaryDraft.ts';
import type { FilePlace } from '../tensorStorage.ts';
import { walkXml, type XmlElement, type XmlVisitor } from './walkXml.ts';

/** Reads the graph of an OpenVINO model; its weights lie in the file of the same name that ends with .bin. */
export async function readOpenvino(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  return summarize('openvino', access, context, async (draft) => {
    const file = context.name.replace(/\.xml$/i, '.bin');
    const visitor = new NetVisitor(draft, file);
    try {
      await walkXml(access, context.signal, visitor);
    } finally {
      visitor.finish();
    }
    const weights = await context.sibling?.(file);
    if (!weights) return;
    const { size } = weights;
    await weights.close();
    const end = visitor.weightsEnd;
    if (end > size) {
      draft.findings.error(l10n.t('The file with the weights ends {0} bytes before they do.', end - size), 0);
    }
  });
}

interface Layer {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly version: string;
  readonly attributes: Map<string, string>;
  /** Of the outputs. */
  readonly ports: Port[];
  readonly inputs: string[];
}

interface Port {
  readonly id: string;
  readonly precision: string;
  readonly shape: (number | null)[];
}

const types: Readonly<Record<string, string>> = {
  FP64: 'F64',
  FP32: 'F32',
  FP16: 'F16',
  f64: 'F64',
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  i64: 'I64',
  i32: 'I32',
  i16: 'I16',
  i8: 'I8',
  u64: 'U64',
  u32: 'U32',
  u16: 'U16',
  u8: 'U8',
  boolean: 'BOOL',
  f8e4m3: 'F8_E4M3',
  f8e5m2: 'F8_E5M2',
};

class NetVisitor implements XmlVisitor {
  readonly #draft: SummaryDraft;
  readonly #weights: string;
  readonly #layers: Layer[] = [];
  readonly #byId = new Map<string, Layer>();
  #sawNet = false;
  #parameters = 0;
  weightsEnd = 0;

  /** @param weights the file with the weights */
  constructor(draft: SummaryDraft, weights: string) {
    this.#draft = draft;
    this.#weights = weights;
  }

  open({ name, attributes }: XmlElement, parents: readonly XmlElement[]): void {
    const draft = this.#draft;
    const within = parents.at(-1)?.name;
    if (parents.length === 0) {
      this.#sawNet = name === 'net';
      if (!this.#sawNet) return;
      draft.formatVersion = attributes['version'];
      draft.metadata.set('name', attributes['name'] ?? '');
    } else if (name === 'layer' && parents.length === 2) this.#openLayer(attributes);
    else if (name === 'edge' && parents.length === 2) this.#edge(attributes);
    else if (name === 'data' && within === 'layer' && parents.length === 3) this.#data(attributes);
    else if (name === 'port' && within === 'output' && parents.length === 4) {
      const { id = '', precision = '' } = attributes;
      this.#layers.at(-1)?.ports.push({ id, precision: types[precision] ?? precision, shape: [] });
      draft.count();
    } else if (
      parents[0]?.name === 'net' &&
      parents[1]?.name === 'rt_info' &&
      attributes['value'] !== undefined
    ) {
      draft.count();
      const path = [...parents.slice(2).map((parent) => parent.name), name];
      draft.metadata.set(path.join('.'), attributes['value']);
    }
  }

  close(): void {}

  #openLayer({ id = '', name = '', type = '', version = '' }: XmlElement['attributes']): void {
    this.#draft.count(3);
    const layer: Layer = { id, name, type, version, attributes: new Map(), ports: [], inputs: [] };
    this.#layers.push(layer);
    this.#byId.set(id, layer);
  }

  #data(attributes: XmlElement['attributes']): void {
    const layer = this.#layers.at(-1);
    if (!layer) return;
    for (const [key, value] of Object.entries(attributes)) {
      this.#draft.count();
      layer.attributes.set(key, value);
    }
    if (layer.type !== 'Const') return;
    const { element_type: type = '', shape: dimensions = '', offset, size } = attributes;
    const shape = dimensions === '' ? [] : dimensions.split(',').map(Number);
    const [start, byteLength] = [Number(offset), Number(size)];
    if (![start, byteLength, ...shape].every((value) => Number.isSafeInteger(value) && value >= 0)) {
      const message = l10n.t(
        'The offsets of the tensor "{0}" are not a range of bytes.',
        displayText(layer.name),
      );
      return this.#draft.findings.error(message, 0);
    }
    const place: FilePlace = { kind: 'file', file: this.#weights, offset: start, length: byteLength };
    const dtype = types[type] ?? type;
    this.#draft.tensors.push({ name: layer.name, dtype, shape, byteLength, storage: { place } });
    this.#parameters += elementCount(shape) ?? Number.NaN;
    this.weightsEnd = Math.max(this.weightsEnd, start + byteLength);
  }

  #edge(attributes: XmlElement['attributes']): void {
    this.#draft.count();
    const from = this.#byId.get(attributes['from-layer'] ?? '');
    this.#byId
      .get(attributes['to-layer'] ?? '')
      ?.inputs.push(from ? outputName(from, attributes['from-port']) : '');
  }

  finish(): void {
    const draft = this.#draft;
    if (!this.#sawNet) return draft.damaged(l10n.t('There is no graph in the file.'), 0);
    const value = ({ name, attributes }: Layer): GraphValue => {
      const shape = attributes.get('shape')?.split(',');
      return { name, dtype: types[attributes.get('element_type') ?? ''], shape: shape?.map(dimensionOf) };
    };
    const nodes = this.#layers.map((layer): GraphNode => ({
      name: layer.name,
      op: layer.type,
      domain: layer.version.startsWith('opset') ? '' : layer.version,
      inputs: layer.inputs,
      outputs: layer.ports.map(({ id }) => outputName(layer, id)),
      attributes: layer.attributes,
    }));
    draft.graph = {
      inputs: this.#layers.filter(({ type }) => type === 'Parameter').map(value),
      outputs: this.#layers.filter(({ type }) => type === 'Result').map(({ name }) => ({ name })),
      nodes,
      opsets: [],
    };
    if (Number.isSafeInteger(this.#parameters)) draft.parameters = this.#parameters;
  }
}

function outputName(layer: Layer, port: string | undefined): string {
  return layer.ports.length <= 1 ? layer.name : `${layer.name}:${port ?? ''}`;
}

/** `8`, `?`, or `1..8`. */
function dimensionOf(text: string): number | string | null {
  if (text === '?' || text === '-1') return null;
  return /^\d+$/.test(text) ? Number(text) : text;
}
