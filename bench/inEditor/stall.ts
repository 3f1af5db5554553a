import { existsSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { leave } from './result.ts';

/** Milliseconds. */
export interface Delays {
  /** By how much a timer of 1 ms came late in the extension host. */
  readonly max: number;
  readonly p99: number;
  /** The longest that `fs.stat` took there: the file system is asked through threads that it shares with the engine. */
  readonly stat: number;
  readonly seconds: number;
}
export interface Stalls {
  readonly idle: Delays;
  readonly recording: Delays;
}

export async function run(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) throw new Error('No folder is open.');
  // What the round before has left.
  for (const own of ['.modeltrail', '.git/modeltrail'])
    rmSync(path.join(folder.fsPath, own), { recursive: true, force: true });
  await vscode.extensions.getExtension('modeltrail.modeltrail')?.activate();
  // The message for the version, which nobody is here to type.
  Object.assign(vscode.window, { showInputBox: async () => 'bench' });
  await sleep(5000);
  const idle = await delaysWhile(() => sleep(5000));
  const model = vscode.Uri.joinPath(folder, 'model.pt');
  const recording = await delaysWhile(() =>
    vscode.commands.executeCommand('modeltrail.recordVersion', model),
  );
  if (!existsSync(path.join(folder.fsPath, '.modeltrail/journal'))) throw new Error('Nothing was recorded.');
  leave({ idle, recording } satisfies Stalls);
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
