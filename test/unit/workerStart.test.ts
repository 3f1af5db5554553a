import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { EngineClient } from '../../src/worker/client.ts';
import { withTrail } from '../support/openedTrail.ts';
import { makeWorkspace, safetensors, type Workspace } from '../support/workspace.ts';

// What the editor has of a trail before the engine's thread has opened it.

const model = 'models/churn.safetensors';

let workspace: Workspace;
let client: EngineClient;
beforeEach(() => {
  workspace = makeWorkspace();
  workspace.write(model, safetensors());
  const workerPath = path.resolve(import.meta.dirname, '../../src/worker/main.ts');
  client = new EngineClient({ workerPath, onDidChange() {}, onLog() {} });
});
afterEach(async () => {
  await client.dispose();
  workspace.remove();
});

it('a trail that was looked at before shows its rows, and is opened by the first question', async () => {
  expect(await client.trailBefore(workspace.folder, defaultSettings)).toBeUndefined();
  await withTrail(workspace.folder, (trail) => trail.refresh(unattended));
  const before = await client.trailBefore(workspace.folder, defaultSettings);
  expect(before?.rows.map((row) => row.path)).toEqual([model]);

  const { id } = (await before!.trail.record({ model }, unattended)).version;
  expect((await before!.trail.models())[0]?.latest?.id).toBe(id);
  expect(await before!.trail.opening()).toBe(before!.trail.root);
});

it('a trail that cannot be opened says so, whatever was known of it', async () => {
  await withTrail(workspace.folder, (trail) => trail.refresh(unattended));
  const before = await client.trailBefore(workspace.folder, defaultSettings);
  rmSync(workspace.folder, { recursive: true });
  await expect(before!.trail.opening()).rejects.toMatchObject({ code: 'notFound' });
});

it.runIf(process.platform === 'linux')('the thread leaves the editor its own priority', async () => {
  const usual = nicenesses();
  const trail = await client.openTrail(workspace.folder, defaultSettings);
  await trail.models();
  const own = niceness(readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8'));
  expect(Math.max(...nicenesses())).toBeGreaterThan(Math.max(...usual));
  expect(own).toBe(Math.min(...usual));
});

/** Of the threads of this process: the higher, the sooner a thread waits for the others. */
function nicenesses(): number[] {
  const tasks = readdirSync('/proc/self/task');
  return tasks.map((task) => niceness(readFileSync(`/proc/self/task/${task}/stat`, 'utf8')));
}

function niceness(stat: string): number {
  // The name of the thread, which comes second, may have spaces in it.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
}
