import type * as fileSystem from 'node:fs/promises';
import { open as openFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { model, train } from '../support/modelDirectory.ts';
import { open, store, write } from '../support/trails.ts';

// The real calls, counted.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fileSystem>();
  return { ...real, open: vi.fn(real.open), readdir: vi.fn(real.readdir) };
});

/** How often the packs are listed, and how often their disk is asked for the time. */
async function looksOf(work: () => Promise<unknown>): Promise<{ lists: number; clocks: number }> {
  vi.mocked(readdir).mockClear();
  vi.mocked(openFile).mockClear();
  await work();
  const isClock = (file: unknown): boolean => path.basename(String(file)).startsWith('.clock.');
  return {
    lists: vi.mocked(readdir).mock.calls.filter(([folder]) => folder === path.join(store(), 'packs')).length,
    clocks: vi.mocked(openFile).mock.calls.filter(([file]) => isClock(file)).length,
  };
}

it('to record a directory again its packs are looked at together, not for each of its files', async () => {
  const trail = await open();
  const record = () => trail.record({ model }, unattended);
  const looksWith = async (count: number) => {
    const names = Array.from({ length: count }, (_, part) => `parts/${part}.txt`);
    train(1, Object.fromEntries(names.map((name) => [name, name])));
    await record();
    const unchanged = await looksOf(record);
    write(`${model}/parts/0.txt`, `one of ${count} changed`);
    return { unchanged, changed: await looksOf(record) };
  };
  const few = await looksWith(2);
  expect(few.unchanged.lists).toBeGreaterThan(0);
  expect(few.unchanged.clocks).toBe(0);
  expect(few.changed.clocks).toBeGreaterThan(0);
  expect(await looksWith(40)).toEqual(few);
});
