// Runs one reader on mutated fixtures. What runs at the moment is in memory that is shared with the thread that watches.
import { parentPort, workerData } from 'node:worker_threads';
import { TrailError } from '../../src/core/errors.ts';
import type { FormatName } from '../../src/formats/formatNames.ts';
import { tensorLayout } from '../../src/formats/layout.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { readerOf } from '../../src/formats/readers.ts';
import type { ModelSummary } from '../../src/formats/summary.ts';
import { openTensors } from '../../src/tensors/tensorReader.ts';
import { Coverage } from './coverage.ts';
import { mutate, Random } from './mutate.ts';
import type { Task } from './protocol.ts';
import { loadSeeds } from './seeds.ts';

const { format, seed, endsAt, shared, length } = workerData as Task;
const current = new Uint8Array(shared);
/** The length of the current input, and how many there were. */
const state = new Int32Array(length);
const signal = new AbortController().signal;
const maxCorpus = 2000;
const maxTensors = 50;
const maxPieces = 4;

async function run(format: FormatName, bytes: Buffer): Promise<void> {
  const reader = await readerOf(format);
  if (!reader) throw new Error(`no reader of ${format}`);
  const context = { name: `model.${format}`, signal };
  const summary = await reader(bytesAccess(bytes), context);
  if (!summary.complete && summary.findings.length === 0) {
    throw new Error('not complete, but no finding says so');
  }
  await readElements(bytes, summary);
  await tensorLayout(bytesAccess(bytes), context.name, signal);
}

/** As whoever looks at single tensors does. */
async function readElements(bytes: Buffer, summary: ModelSummary): Promise<void> {
  const tensors = openTensors(bytesAccess(bytes));
  for (const tensor of summary.tensors.slice(0, maxTensors)) {
    if (tensors.obstacle(tensor) !== undefined) continue;
    try {
      let pieces = 0;
      for await (const _ of tensors.numbers(tensor, signal)) if (++pieces === maxPieces) break;
    } catch (error) {
      if (!TrailError.is(error)) throw error;
    }
  }
  await tensors.close();
}

const seeds = (await loadSeeds()).get(format) ?? [];
const random = new Random(seed);
const coverage = new Coverage();
const corpus = [...seeds];
const told = new Set<string>();
for (let count = 0; Date.now() < endsAt; count++) {
  const bytes = count < seeds.length ? (seeds[count] as Buffer) : mutate(random.of(corpus), random, corpus);
  if (bytes.length > current.length) continue;
  current.set(bytes);
  Atomics.store(state, 0, bytes.length);
  Atomics.add(state, 1, 1);
  try {
    await run(format, bytes);
  } catch (error) {
    // Where the same thing goes wrong is told once.
    const stack = (error instanceof Error && error.stack) || String(error);
    const where = stack.split('\n').slice(0, 4).join('\n');
    if (!TrailError.is(error) && !told.has(where)) parentPort?.postMessage({ stack, bytes });
    told.add(where);
  }
  if (coverage.foundMore() && count >= seeds.length && corpus.length < maxCorpus)
    corpus.push(Buffer.from(bytes));
}
parentPort?.postMessage({ corpus: corpus.length, covered: coverage.size });
