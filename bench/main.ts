// `npm run bench -- [NAME...] [--size 128M] [--rounds N] [--dir DIR] [--json]`: measures what docs/benchmarks.md explains.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { activation } from './activation.ts';
import type { Bench, Outcome } from './bench.ts';
import { compare } from './compare.ts';
import { diff } from './diff.ts';
import { firstLook } from './firstLook.ts';
import { describe, load, thisMachine } from './machine.ts';
import { packaged } from './packaged.ts';
import { record } from './record.ts';
import { summary, table } from './report.ts';
import { stall } from './stall.ts';
import { tree } from './tree.ts';
import { tune } from './tune.ts';

const benches: readonly Bench[] = [activation, tree, firstLook, compare, record, tune, diff, stall, packaged];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string' },
    rounds: { type: 'string' },
    dir: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const unknown = positionals.find((name) => !benches.some((bench) => bench.name === name));
if (values.help || unknown !== undefined) {
  if (unknown !== undefined) console.error(`There is no bench "${unknown}".`);
  const list = benches.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join('\n');
  console.error(`npm run bench -- [NAME...] [--size 128M] [--rounds N] [--dir DIR] [--json]\n${list}`);
  process.exit(unknown === undefined ? 0 : 2);
}

const machine = thisMachine();
const chosen = benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (!values.json) console.log(describe(machine));
let failed = false;
const results = [];
for (const bench of chosen) {
  const before = load();
  const outcome = await run(bench);
  const loads = { before, after: load() };
  if (values.json) {
    const { figures = [], ...rest } = outcome;
    results.push({ name: bench.name, load: loads, figures: figures.map(summary), ...rest });
    continue;
  }
  console.log(`\n${bench.name}: ${bench.summary} (load ${loads.before} before, ${loads.after} after)`);
  if ('reason' in outcome) console.log(`Not measured. ${outcome.reason}`);
  else console.log([table(outcome.figures), ...outcome.notes].join('\n'));
}
if (values.json) console.log(JSON.stringify({ machine, benches: results }, undefined, 2));
// Now: a closed editor may still hold something open.
process.exit(failed ? 1 : 0);

async function run(bench: Bench): Promise<Outcome | { reason: string; figures?: undefined }> {
  const folder = mkdtempSync(path.join(values.dir ?? tmpdir(), 'modeltrail-bench-'));
  const clean = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const stop = (): void => {
    clean();
    process.exit(130);
  };
  process.once('SIGINT', stop);
  try {
    return await bench.run({
      folder,
      size: values.size === undefined ? undefined : bytes(values.size),
      rounds: values.rounds === undefined ? undefined : Number(values.rounds),
      say: (what) => console.error(`${bench.name}: ${what}`),
    });
  } catch (error) {
    // The others may still tell something.
    failed = true;
    console.error(error);
    return { reason: error instanceof Error ? error.message : String(error) };
  } finally {
    process.off('SIGINT', stop);
    clean();
  }
}

/** `128M`, `4G`, or a number of bytes. */
function bytes(text: string): number {
  const [, number, unit] = /^(\d+)([KMG]?)$/i.exec(text) ?? [];
  if (number === undefined) throw new Error(`--size ${text}: not a size such as 128M or 4G.`);
  return Number(number) * 1024 ** ['', 'K', 'M', 'G'].indexOf((unit ?? '').toUpperCase());
}
