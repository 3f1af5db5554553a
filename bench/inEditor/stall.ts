import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { longestStretchOf } from './ownCode.ts';
import { leave } from './result.ts';

/** Milliseconds. */
export interface Delays {
  /** By how much a timer of 1 ms came late in the extension host. */
  readonly max: number;
  readonly p99: number;
  /** The longest that `fs.stat` took there. */
  readonly stat: number;
  readonly seconds: number;
}

export interface Stalls {
  readonly idle: Delays;
  /** The first version of the folder, for which all is made that a trail has. */
  readonly first: Delays;
  /** One of another model. */
  readonly recording: Delays;
  /** A file recorded by the command line, in a folder that the editor does not know. */
  readonly elsewhere: Delays;
}

/** What the bench gives to this script, as JSON in `MODELTRAIL_BENCH_STALL`. */
export interface StallWork {
  readonly cli: string;
  readonly elsewhere: string;
  /** Whether it is wanted how long the extension's own code is at it, instead of how late timers are. */
  readonly own: boolean;
}

export async function run(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) throw new Error('No folder is open.');
  const { cli, elsewhere, own } = JSON.parse(process.env['MODELTRAIL_BENCH_STALL'] ?? '{}') as StallWork;
  // What the round before has left.
  for (const place of [folder.fsPath, elsewhere])
    for (const made of ['.modeltrail', '.git/modeltrail'])
      rmSync(path.join(place, made), { recursive: true, force: true });
  await vscode.extensions.getExtension('modeltrail.modeltrail')?.activate();
  // The message for the version, which nobody is here to type.
  Object.assign(vscode.window, { showInputBox: async () => 'bench' });
  await sleep(5000);
  const record = (model: string): Thenable<unknown> =>
    vscode.commands.executeCommand('modeltrail.recordVersion', vscode.Uri.joinPath(folder, model));
  if (own) {
    leave({ own: await longestStretchOf('extension.cjs', () => record('first.pt')) });
  } else {
    const idle = await delaysWhile(() => sleep(5000));
    const first = await delaysWhile(() => record('first.pt'));
    // Until the editor has looked at what was made.
    await sleep(5000);
    const recording = await delaysWhile(() => record('second.pt'));
    await sleep(5000);
    const away = await delaysWhile(() => recordElsewhere(cli, elsewhere));
    leave({ idle, first, recording, elsewhere: away } satisfies Stalls);
  }
  for (const place of own ? [folder.fsPath] : [folder.fsPath, elsewhere])
    if (!existsSync(path.join(place, '.modeltrail/journal')))
      throw new Error(`Nothing was recorded in ${place}.`);
}

/** As low in priority as the engine is. */
async function recordElsewhere(cli: string, folder: string): Promise<void> {
  const child = spawn(process.execPath, [cli, '-C', folder, 'record', 'first.pt', '-m', 'bench'], {
    stdio: 'ignore',
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  await once(child, 'exit');
}

async function delaysWhile(work: () => PromiseLike<unknown>): Promise<Delays> {
  const resolution = 1;
  const histogram = monitorEventLoopDelay({ resolution });
  const over = new AbortController();
  let slowest = 0;
  const asking = (async () => {
    while (!over.signal.aborted) {
      const start = performance.now();
      await stat(__filename);
      slowest = Math.max(slowest, performance.now() - start);
      await sleep(20);
    }
  })();
  const start = performance.now();
  histogram.enable();
  await work();
  histogram.disable();
  const seconds = (performance.now() - start) / 1000;
  over.abort();
  await asking;
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
  return { max: late(histogram.max), p99: late(histogram.percentile(99)), stat: slowest, seconds };
}
