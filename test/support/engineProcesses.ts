import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import path from 'node:path';

/** The engine as the tests run it: from source. */
export const engineProgram = path.resolve(import.meta.dirname, '../../src/engine/main.ts');

export interface EngineProcesses {
  /** Those that were started, oldest first. */
  readonly started: readonly ChildProcess[];
  stopWatching(): void;
}

/** Sees each process of an engine that this one starts from now on. */
export function watchEngineProcesses(): EngineProcesses {
  const started: ChildProcess[] = [];
  const see = (message: unknown): void => {
    const { process: child } = message as { process: ChildProcess };
    // It is told of before it is started. Git has no channel.
    child.once('spawn', () => {
      if (child.channel) started.push(child);
    });
  };
  subscribe('child_process', see);
  return { started, stopWatching: () => void unsubscribe('child_process', see) };
}
