import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { EngineClient } from '../../src/engine/client.ts';
import { engineProgram } from '../support/engineProcesses.ts';
import { withTrail } from '../support/openedTrail.ts';
import { makeWorkspace, safetensors, type Workspace } from '../support/workspace.ts';

// What the editor has of a trail before the engine has opened it.

const model = 'models/churn.safetensors';

let workspace: Workspace;
let client: EngineClient;
beforeEach(() => {
  workspace = makeWorkspace();
  workspace.write(model, safetensors());
  client = new EngineClient({ program: engineProgram, onDidChange() {}, onLog() {} });
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
