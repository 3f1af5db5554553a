import { closeSync, openSync, rmSync, utimesSync, writeSync } from 'node:fs';
import path from 'node:path';
import { noisy, weights } from '../test/support/weights.ts';
import type { Bench, Figure } from './bench.ts';
import { buildProduction } from './build.ts';
import { readAndHash } from './files.ts';
import { byTool, inTurn, Samples, timed } from './measure.ts';
import { toolsIn } from './tools/all.ts';
import { sync, type Tool, type ToolName } from './tools/tool.ts';

type Dtype = 'F32' | 'BF16';
/** The tensors of a model, each with its elements. */
type Model = readonly { readonly name: string; readonly bytes: Uint8Array }[];

const relativeNoise = 1e-3;
/** What is packed may take, of the size of the file. */
const bars = { F32: { tenth: 0.065, all: 0.6 }, BF16: { tenth: 0.02, all: 0.18 } } as const;

/** What versions of one model in training take: a transformer, fine-tuned in a tenth of it, then in all. */
export const tune: Bench = {
  name: 'tune',
  summary: 'space and time for fine-tunes of a transformer, safetensors in fp32 and bf16',
  async run({ folder, size = 320 * 2 ** 20, rounds = 1, say }) {
    const { cli } = await buildProduction(path.join(folder, 'extension'));
    const figures: Figure[] = [];
    for (const dtype of ['F32', 'BF16'] as const) {
      const samples = {
        tenth: samplesOf(),
        all: samplesOf(),
        first: new Samples<ToolName>(),
        last: new Samples<ToolName>(),
      };
      const packing: number[] = [];
      for (let round = 0; round < rounds; round++) {
        say(`${dtype}, round ${round + 1} of ${rounds}`);
        const here = path.join(folder, `${dtype}-${round}`);
        const tools = toolsIn(here, 'model.safetensors', cli);
        const base = transformer(dtype, dtype === 'F32' ? size : size / 2);
        for (const tool of tools) write(base, dtype, 0, tool.model);
        const bytes = base.reduce((sum, tensor) => sum + tensor.bytes.length, 0);
        const hashes = new Map([[1, readAndHash(modelOf(tools))]]);
        for (const tool of tools) {
          tool.keep();
          tool.pack?.();
        }
        const tenth = tuned(base, dtype, aTenth(base));
        await measure(
          tools,
          round,
          samples.tenth,
          bytes,
          (tool) => write(tenth, dtype, 32, tool.model),
          packing,
        );
        const all = tuned(tenth, dtype, new Set(tenth.map(({ name }) => name)));
        await measure(tools, round, samples.all, bytes, (tool) => write(all, dtype, 0, tool.model), packing);
        hashes.set(3, readAndHash(modelOf(tools)));
        for (const [version, hash] of hashes) {
          const back = version === 1 ? samples.first : samples.last;
          for (const tool of inTurn(tools, round)) {
            rmSync(tool.model);
            sync(folder);
            back.add(tool.name, (await timed(() => tool.restore(version))) / 1000);
            if (readAndHash(tool.model) !== hash) throw new Error(`${tool.name} put something else back.`);
          }
        }
        rmSync(here, { recursive: true });
      }
      const name = { F32: 'fp32', BF16: 'bf16' }[dtype];
      figures.push(
        ...byTool(`${name}, a tenth tuned: bytes added, file = 1`, samples.tenth.added, 'x', {
          modeltrail: { atMost: bars[dtype].tenth },
        }),
        ...byTool(`${name}, a tenth tuned: time`, samples.tenth.seconds, 's'),
        ...byTool(`${name}, all tuned: bytes added, file = 1`, samples.all.added, 'x', {
          modeltrail: { atMost: bars[dtype].all },
        }),
        ...byTool(`${name}, all tuned: time`, samples.all.seconds, 's'),
        ...byTool(`${name}, first version put back`, samples.first, 's'),
        ...byTool(`${name}, last version put back`, samples.last, 's'),
        { what: `${name}: packing, of each version`, samples: packing, unit: 's' },
      );
    }
    const notes = [
      'Of Modeltrail when it is packed, which it is when nothing else is done: the bytes added, and what is put back. The time is that until the version is kept and on the disk.',
    ];
    return { figures, notes };
  },
};

function samplesOf() {
  return { added: new Samples<ToolName>(), seconds: new Samples<ToolName>() };
}

async function measure(
  tools: readonly Tool[],
  round: number,
  { added, seconds }: ReturnType<typeof samplesOf>,
  bytes: number,
  put: (tool: Tool) => void,
  packing: number[],
): Promise<void> {
  for (const tool of inTurn(tools, round)) {
    put(tool);
    const before = tool.stored();
    sync(path.dirname(tool.model));
    seconds.add(tool.name, (await timed(() => tool.keep())) / 1000);
    if (tool.pack) packing.push((await timed(tool.pack)) / 1000);
    added.add(tool.name, (tool.stored() - before) / bytes);
  }
}

/** The file that all of them have; one is there always. */
function modelOf([tool]: readonly Tool[]): string {
  if (!tool) throw new Error('Modeltrail is always there.');
  return tool.model;
}

/** The layers of a small GPT, as many as come to so many bytes. */
function transformer(dtype: Dtype, size: number): Model {
  const width = 768;
  const shapes = { 'attn.qkv': 3, 'attn.out': 1, 'mlp.up': 4, 'mlp.down': 4 };
  const elementBytes = dtype === 'F32' ? 4 : 2;
  const tensors: { name: string; bytes: Uint8Array }[] = [];
  let bytes = 0;
  for (let layer = 0; bytes < size; layer++) {
    for (const [part, factor] of Object.entries(shapes)) {
      const tensor = weights(dtype, factor * width * width * elementBytes);
      tensors.push({ name: `layers.${layer}.${part}.weight`, bytes: tensor });
      bytes += tensor.length;
    }
  }
  return tensors;
}

/** Tensors spread over the model that hold a tenth of its bytes. */
function aTenth(model: Model): ReadonlySet<string> {
  const most = model.reduce((sum, { bytes }) => sum + bytes.length, 0) / 10;
  const chosen = new Set<string>();
  let taken = 0;
  for (const { name, bytes } of model.filter((_, index) => index % 3 === 0)) {
    if (taken + bytes.length > most) continue;
    chosen.add(name);
    taken += bytes.length;
  }
  return chosen;
}

function tuned(model: Model, dtype: Dtype, chosen: ReadonlySet<string>): Model {
  return model.map(({ name, bytes }) => ({
    name,
    bytes: chosen.has(name) ? noisy(dtype, bytes, relativeNoise) : bytes,
  }));
}

/** A safetensors file whose header is so many bytes longer than it must be; nobody writes to it any more. */
function write(model: Model, dtype: Dtype, padding: number, file: string): void {
  let end = 0;
  const elementBytes = dtype === 'F32' ? 4 : 2;
  const entries = model.map(({ name, bytes }) => {
    const offsets = [end, (end += bytes.length)];
    return [name, { dtype, shape: [bytes.length / elementBytes], data_offsets: offsets }] as const;
  });
  const json = JSON.stringify(Object.fromEntries(entries));
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8 + padding));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const handle = openSync(file, 'w');
  for (const bytes of [length, header, ...model.map(({ bytes }) => bytes)]) writeSync(handle, bytes);
  closeSync(handle);
  const time = Date.now() / 1000 - 3600 + (age += 60);
  utimesSync(file, time, time);
}

let age = 0;
