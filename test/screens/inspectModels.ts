// Models to look into, made as the frameworks would write them.
import { weights } from '../support/weights.ts';

interface Entry {
  readonly dtype: 'F32' | 'BF16' | 'I64';
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const widths = { F32: 4, BF16: 2, I64: 8 } as const;

export function safetensorsFile(
  tensors: Readonly<Record<string, Entry>>,
  metadata: Readonly<Record<string, string>> = {},
): Buffer {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [end, (end += bytes.length)] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...Object.values(tensors).map(({ bytes }) => bytes)]);
}

function entry(dtype: 'F32' | 'BF16', ...shape: readonly number[]): Entry {
  const bytes = shape.reduce((a, b) => a * b, 1) * widths[dtype];
  return { dtype, shape, bytes: weights(dtype, bytes) };
}

/** A small language model: modules in modules, two types, names as the Hugging Face Hub has them. */
export function languageModel({ layers = 12, width = 64, broken = false } = {}): Buffer {
  const tensors: Record<string, Entry> = { 'model.embed_tokens.weight': entry('BF16', 512, width) };
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    tensors[`${at}.input_layernorm.weight`] = entry('F32', width);
    tensors[`${at}.mlp.down_proj.weight`] = entry('BF16', width, 4 * width);
    tensors[`${at}.mlp.gate_proj.weight`] = entry('BF16', 4 * width, width);
    tensors[`${at}.mlp.up_proj.weight`] = entry('BF16', 4 * width, width);
    for (const part of ['k', 'o', 'q', 'v'])
      tensors[`${at}.self_attn.${part}_proj.weight`] = entry('BF16', width, width);
  }
  tensors['model.norm.weight'] = entry('F32', width);
  tensors['lm_head.conv.weight'] = entry('F32', 3, 2, 48, 32);
  tensors['step'] = { dtype: 'I64', shape: [], bytes: new Uint8Array(8).fill(1, 0, 1) };
  const norm = tensors['model.norm.weight'].bytes;
  if (broken) {
    const view = new DataView(norm.buffer, norm.byteOffset);
    view.setFloat32(8, NaN, true);
    view.setFloat32(12, Infinity, true);
  }
  return safetensorsFile(tensors, {
    format: 'pt',
    training_config: JSON.stringify({ learning_rate: 3e-4, warmup_steps: 2000, betas: [0.9, 0.95] }),
    license: 'apache-2.0',
  });
}

/** So many tensors of a few bytes, in modules of a thousand. */
export function manyTensors(count: number): Buffer {
  const bytes = new Uint8Array(8);
  const tensors: Record<string, Entry> = {};
  for (let i = 0; i < count; i++) {
    tensors[`experts.${Math.floor(i / 1000)}.blocks.${i}.weight`] = { dtype: 'F32', shape: [2], bytes };
  }
  return safetensorsFile(tensors);
}

/** One tensor `w`, of the values and then zeros. */
export function float32File(shape: readonly number[], values: readonly number[]): Buffer {
  const floats = new Float32Array(shape.reduce((a, b) => a * b, 1));
  floats.set(values);
  return safetensorsFile({ w: { dtype: 'F32', shape, bytes: new Uint8Array(floats.buffer) } });
}
