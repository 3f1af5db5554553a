import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { leave } from './result.ts';

export interface Activation {
  /** Milliseconds for loading the code and calling `activate()`. */
  readonly ms: number;
}

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('modeltrail.modeltrail');
  if (!extension || extension.isActive) throw new Error('It should be here, and not be active yet.');
  // The editor's own extensions start at the same time.
  await sleep(5000);
  const start = performance.now();
  await extension.activate();
  leave({ ms: performance.now() - start } satisfies Activation);
}
