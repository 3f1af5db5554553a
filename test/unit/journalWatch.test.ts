import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { JournalWatch } from '../../src/editor/journalWatch.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let watch: JournalWatch;
let told = 0;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
  watch = new JournalWatch(workspace.folder, () => void told++);
});
afterEach(() => {
  watch.dispose();
  workspace.remove();
});

/** Does something and waits until the watch has told of it. */
async function toldOf(change: () => unknown): Promise<void> {
  const before = told;
  await change();
  await expect.poll(() => told).toBeGreaterThan(before);
}

const write = (month: string, name: string): string =>
  workspace.write(`.modeltrail/journal/${month}/${name}.json`, '{}');

it('tells of facts, in months that come too', async () => {
  write('2026-11', 'one');
  await watch.follow();
  await toldOf(() => write('2026-11', 'two'));
  await toldOf(() => write('2026-12', 'three'));
  await watch.follow();
  await toldOf(() => write('2026-12', 'four'));
});

it('tells of facts in a journal that was gone for a while, as on a branch without one', async () => {
  write('2026-11', 'one');
  await watch.follow();
  await toldOf(() => rmSync(path.join(workspace.folder, '.modeltrail'), { recursive: true }));
  // Nobody looked while it was gone.
  write('2026-11', 'one');
  await toldOf(() => watch.follow());
  await toldOf(() => write('2026-11', 'two'));
});

it('tells of a journal that came after it began to watch', async () => {
  await watch.follow();
  write('2026-11', 'one');
  await toldOf(() => watch.follow());
  await toldOf(() => write('2026-11', 'two'));
});
