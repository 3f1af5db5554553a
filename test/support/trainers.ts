import { cpSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { unattended } from '../../src/core/operation.ts';
import type { RecordResult } from '../../src/trail/api/changes.ts';
import { open, workspace } from './trails.ts';

// The output folders of real trainers: test/fixtures/makeTrainers.py and makeUltralytics.py.

export const outputs = path.join(import.meta.dirname, '../fixtures/trainers');

const minute = 60_000;

/** Puts what a trainer wrote into the folder of the test. */
export function copy(name: string, to = name): void {
  cpSync(path.join(outputs, name), path.join(workspace.folder, to), { recursive: true });
}

/** Makes files as old as if they had been written so many minutes from now. */
export function setTime(minutes: number, ...names: readonly string[]): void {
  const time = new Date(Date.now() + minutes * minute);
  for (const name of names) utimesSync(path.join(workspace.folder, name), time, time);
}

export async function record(model: string): Promise<RecordResult> {
  const trail = await open();
  const result = await trail.record({ model }, unattended);
  await trail.close();
  return result;
}
