import * as l10n from '@vscode/l10n';
import { Malformed } from '../byteCursor.ts';
import { displayText } from '../displayText.ts';
import type { FlatBuffer, Table } from '../flatBuffer.ts';
import { elementCount } from '../numberText.ts';
import { outputQuantizer, type Quantizer } from '../quantizer.ts';
import { quantizerText } from '../quantizerText.ts';
import type { GraphNode } from '../summary.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import type { BufferRange } from './buffers.ts';
import { readQuantizer } from './quantization.ts';

export interface Operator {
  readonly op: string;
  readonly domain: string;
}

export interface TfliteTensor {
  readonly name: string;
  readonly dtype: string;
  /** -1 written as free where the file says so. */
  readonly shape: readonly (number | null)[];
  readonly quantizer?: Quantizer;
}

export interface Subgraph {
  readonly tensors: readonly TfliteTensor[];
  /** Numbers of tensors. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

interface Model {
  readonly index: number;
  readonly buffers: readonly BufferRange[];
  readonly operators: readonly Operator[];
  /** Where the nodes go. */
  readonly nodes: GraphNode[];
}

const maxName = 16 * 1024;
const maxDimensions = 64;
const maxEdges = 100_000;

/** By the numbers of the types: as safetensors names it, or as TensorFlow Lite does, and the bits of an element. */
const types: readonly (readonly [name: string, bits: number])[] = [
  ['F32', 32],
  ['F16', 16],
  ['I32', 32],
  ['U8', 8],
  ['I64', 64],
  ['STRING', 0],
  ['BOOL', 8],
  ['I16', 16],
  ['C64', 64],
  ['I8', 8],
  ['F64', 64],
  ['COMPLEX128', 128],
  ['U64', 64],
  ['RESOURCE', 0],
  ['VARIANT', 0],
  ['U32', 32],
  ['U16', 16],
  ['INT4', 4],
  ['BF16', 16],
  ['INT2', 2],
  ['UINT4', 4],
  ['F8_E4M3', 8],
  ['F8_E5M2', 8],
];

/** Types that are quantised to: of others, training left behind what is of no use. */
const isWhole = /^U?(?:I|INT)?\d+$/;

const slot = { tensors: 0, inputs: 1, outputs: 2, operators: 3, name: 4 };

export async function readSubgraph(
  draft: SummaryDraft,
  buffer: FlatBuffer,
  table: Table,
  { index, buffers, operators, nodes }: Model,
): Promise<Subgraph> {
  const name = (await buffer.text(table[slot.name], maxName)) || `subgraph ${index}`;
  const prefix = index === 0 ? '' : `${name}/`;
  const tensors: TfliteTensor[] = [];
  for await (const tensor of buffer.tables(table[slot.tensors])) {
    tensors.push(await readTensor(draft, buffer, tensor, prefix, buffers));
  }
  const names = (ids: readonly number[]): string[] =>
    ids.map((id) => {
      if (id === -1) return '';
      const tensor = tensors[id];
      if (!tensor) throw new Malformed();
      return tensor.name;
    });
  for await (const operator of buffer.tables(table[slot.operators])) {
    const inputs = names(await buffer.numbers(operator[1], maxEdges));
    const outputIds = await buffer.numbers(operator[2], maxEdges);
    const outputs = names(outputIds);
    draft.count(3 + inputs.length + outputs.length);
    const code = operators[await buffer.scalar(operator[0], 'u32', 0)];
    if (!code) throw new Malformed();
    // Operators have no names.
    nodes.push({
      name: prefix.slice(0, -1),
      ...code,
      inputs,
      outputs,
      attributes: attributesOf(outputIds.map((id) => tensors[id])),
    });
  }
  return {
    tensors,
    inputs: await buffer.numbers(table[slot.inputs], maxEdges),
    outputs: await buffer.numbers(table[slot.outputs], maxEdges),
  };
}

const none: ReadonlyMap<string, string> = new Map();

function attributesOf(outputs: readonly (TfliteTensor | undefined)[]): ReadonlyMap<string, string> {
  const texts = outputs.map((output) => (output?.quantizer ? quantizerText(output.quantizer) : '-'));
  return texts.some((text) => text !== '-') ? new Map([[outputQuantizer, texts.join('; ')]]) : none;
}

async function readTensor(
  draft: SummaryDraft,
  buffer: FlatBuffer,
  table: Table,
  prefix: string,
  buffers: readonly BufferRange[],
): Promise<TfliteTensor> {
  draft.count(3);
  const shape = (await buffer.numbers(table[0], maxDimensions)).map((size) => (size < 0 ? Number.NaN : size));
  const type = await buffer.scalar(table[1], 'i8', 0);
  const range = buffers[await buffer.scalar(table[2], 'u32', 0)];
  const name = `${prefix}${await buffer.text(table[3], maxName)}`;
  const signature = await buffer.numbers(table[7], maxDimensions);
  const [dtype, bits] = types[type] ?? [`type ${type}`, 0];
  const quantizer = isWhole.test(dtype) ? await readQuantizer(draft, buffer, table[4]) : undefined;
  if (range && range.length > 0) {
    const elements = elementCount(shape);
    const needed = elements === undefined ? undefined : Math.ceil((elements * bits) / 8);
    // Of a sparse tensor only the values are there.
    if (bits > 0 && table[6] === undefined && needed !== range.length) {
      draft.findings.error(
        l10n.t(
          'The tensor "{0}" has {1} bytes, but its shape and type need {2}.',
          displayText(name),
          range.length,
          needed ?? '?',
        ),
        range.start,
      );
    }
    draft.tensors.push({
      name,
      dtype,
      shape,
      byteOffset: range.start,
      byteLength: range.length,
      sharesStorageWith: range.owner,
      ...(quantizer && { quantizer }),
    });
    range.owner ??= name;
  }
  const free = shape.map((size, i) => ((signature[i] ?? size) < 0 ? null : size));
  return { name, dtype, shape: free, ...(quantizer && { quantizer }) };
}
