import { randomBytes } from 'node:crypto';

/** The tensors of a model by name, each with its bytes. */
export type Tensors = Readonly<Record<string, Uint8Array>>;

/** A real safetensors file. `padding` makes its header longer, as another library might. */
export function safetensorsOf(tensors: Tensors, dtype: 'F32' | 'BF16' | 'U8' = 'U8', padding = 0): Buffer {
  const elementBytes = { F32: 4, BF16: 2, U8: 1 }[dtype];
  let end = 0;
  const entries = Object.entries(tensors).map(([name, bytes]) => {
    const offsets = [end, (end += bytes.length)];
    return [name, { dtype, shape: [bytes.length / elementBytes], data_offsets: offsets }] as const;
  });
  const json = JSON.stringify(Object.fromEntries(entries));
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8 + padding));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...Object.values(tensors)]);
}

export function randomTensors(names: readonly string[], bytes: number): Tensors {
  return Object.fromEntries(names.map((name) => [name, randomBytes(bytes)]));
}
