// Feeds every reader mutations of the fixtures, guided by coverage, and watches that none throws, takes over 5 s of processor time or
// over 256 MB. Run: node scripts/fuzzReaders.ts [--seconds N] [--seed N] [FORMAT...]   (N seconds for each format; 60 unless told)
// What breaks a reader is kept in .cache/fuzz/, to be looked into and made a test.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { FormatName } from '../src/formats/formatNames.ts';
import type { Report, Task } from './fuzz/protocol.ts';
import { loadSeeds } from './fuzz/seeds.ts';

const maxInput = 512 * 1024;
const maxSeconds = 5;
const maxBytes = 256 * 2 ** 20;
const folder = path.join(import.meta.dirname, '../.cache/fuzz');

interface Result {
  readonly runs: number;
  /** Why the thread had to be stopped, if it had to be. */
  readonly stopped?: string;
}

function keep(format: string, bytes: Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${format}-${Date.now()}`);
  writeFileSync(file, bytes);
  return file;
}

/** Fuzzes one format until it is time, or until its thread hangs or takes too much. */
async function fuzz(format: FormatName, seed: number, endsAt: number): Promise<Result> {
  const shared = new SharedArrayBuffer(maxInput);
  const length = new SharedArrayBuffer(8);
  const state = new Int32Array(length);
  const task: Task = { format, seed, endsAt, shared, length };
  const worker = new Worker(new URL('./fuzz/worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: maxBytes / 2 ** 20 },
  });
  const input = (): Uint8Array => new Uint8Array(shared).slice(0, Atomics.load(state, 0));
  let stopped: string | undefined;
  let seen = -1;
  let since = process.cpuUsage();
  let least = Infinity;
  const watch = setInterval(() => {
    const runs = Atomics.load(state, 1);
    if (runs !== seen) [seen, since] = [runs, process.cpuUsage()];
    const { user, system } = process.cpuUsage(since);
    // What the readers, V8 and the corpus need anyway, measured once all is loaded.
    const { rss } = process.memoryUsage();
    if (runs > 1) least = Math.min(least, rss);
    if ((user + system) / 1e6 > maxSeconds) stopped = `more than ${maxSeconds} s`;
    else if (rss > least + maxBytes) stopped = `more than ${maxBytes} bytes`;
    if (stopped === undefined) return;
    clearInterval(watch);
    void worker.terminate();
  }, 20);
  worker.on('message', (report: Report) => {
    if ('stack' in report) console.log(`${format}: ${keep(format, report.bytes)}\n${report.stack}`);
    else console.log(`${format}: ${report.corpus} inputs kept, ${report.covered} blocks covered`);
  });
  return new Promise((resolve) => {
    worker.on('error', (error) => (stopped = String(error)));
    worker.on('exit', () => {
      clearInterval(watch);
      if (stopped !== undefined) console.log(`${format}: ${stopped}, ${keep(format, input())}`);
      resolve({ runs: Atomics.load(state, 1), stopped });
    });
  });
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});
const seeds = await loadSeeds();
for (const format of seeds.keys()) {
  if (positionals.length > 0 && !positionals.includes(format)) continue;
  const endsAt = Date.now() + 1000 * Number(values.seconds);
  let runs = 0;
  for (let seed = Number(values.seed); Date.now() < endsAt; seed += 1000) {
    const result = await fuzz(format, seed, endsAt);
    runs += result.runs;
    if (result.stopped !== undefined) process.exitCode = 1;
  }
  console.log(`${format}: ${runs} runs`);
}
