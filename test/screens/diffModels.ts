// A small language model before and after fine-tuning, as safetensors.
import { safetensorsFile } from './inspectModels.ts';

type Entries = Parameters<typeof safetensorsFile>[0];
type Entry = Entries[string];

/** Numbers between -0.5 and 0.5 that are the same every time. */
function noise(count: number, seed: number): Float32Array<ArrayBuffer> {
  let state = (seed * 2654435761) >>> 0 || 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

function float32(shape: readonly number[], values: Float32Array<ArrayBuffer>): Entry {
  return { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
}

/** The upper half of each 32-bit float. */
function bfloat16({ shape, bytes }: Entry): Entry {
  return { dtype: 'BF16', shape, bytes: bytes.filter((_, index) => index % 4 >= 2) };
}

const width = 24;
const layers = 16;

function baseTensors(): Record<string, Float32Array<ArrayBuffer>> {
  const tensors: Record<string, Float32Array<ArrayBuffer>> = {
    'model.embed_tokens.weight': noise(96 * width, 1),
  };
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    for (const [index, part] of [
      'mlp.down_proj',
      'mlp.up_proj',
      'self_attn.q_proj',
      'self_attn.v_proj',
    ].entries())
      tensors[`${at}.${part}.weight`] = noise(width * width, 100 + layer * 10 + index);
  }
  tensors['model.norm.weight'] = noise(width * width, 2);
  tensors['lm_head.weight'] = noise(width * width, 3);
  return tensors;
}

const metadata = { format: 'pt', training_config: '{"learning_rate": 0.0003, "warmup_steps": 2000}' };

function file(tensors: Readonly<Record<string, Entry>>, settings: Readonly<Record<string, string>>): Buffer {
  return safetensorsFile(tensors, settings);
}

function entriesOf(tensors: Readonly<Record<string, Float32Array<ArrayBuffer>>>): Record<string, Entry> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, values]) => [name, float32([values.length / width, width], values)]),
  );
}

export function baseModel(settings: Readonly<Record<string, string>> = metadata): Buffer {
  return file(entriesOf(baseTensors()), settings);
}

/**
 * The lower half of the layers is frozen, the others moved the more the higher they are. The head is renamed, the norm less exact and with a
 * NaN, an adapter is there that was not, and the last layer's `v_proj` is gone.
 */
export function tunedModel(): Buffer {
  const tensors = baseTensors();
  for (let layer = layers / 2; layer < layers; layer++) {
    for (const [name, values] of Object.entries(tensors)) {
      if (!name.startsWith(`model.layers.${layer}.`)) continue;
      const moved = noise(values.length, 5000 + layer);
      for (let i = 0; i < values.length; i++)
        values[i] = (values[i] ?? 0) + (moved[i] ?? 0) * 10 ** (layer / 2 - 9);
    }
  }
  const norm = tensors['model.norm.weight'];
  if (norm) norm[30] = NaN;
  const { 'lm_head.weight': head, ...others } = entriesOf(tensors);
  delete others['model.layers.15.self_attn.v_proj.weight'];
  const normEntry = others['model.norm.weight'];
  if (!head || !normEntry) throw new Error('The model has a head and a norm.');
  return file(
    {
      ...others,
      'model.norm.weight': bfloat16(normEntry),
      'output.weight': head,
      'adapter.lora_A.weight': float32([4, width], noise(4 * width, 9)),
    },
    { ...metadata, training_config: '{"learning_rate": 0.0001, "warmup_steps": 500}', license: 'mit' },
  );
}

/** So many tensors of which every tenth is another than with no step. */
export function manyTensors(count: number, step = 0): Buffer {
  const tensors: Record<string, Entry> = {};
  for (let i = 0; i < count; i++) {
    const value = i % 10 === 0 ? 1 + step : 1;
    tensors[`experts.${Math.floor(i / 1000)}.blocks.${i}.weight`] = float32([2], Float32Array.of(value, 2));
  }
  return safetensorsFile(tensors);
}
