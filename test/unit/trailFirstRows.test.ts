import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { withTrail } from '../support/openedTrail.ts';
import { makeWorkspace, safetensors, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(() => workspace.remove());

const open = <T>(work: (trail: Trail) => Promise<T>, settings = defaultSettings): Promise<T> =>
  withTrail(workspace.folder, work, settings);

it('the rows of the last time are there before anything is read', async () => {
  workspace.write('a.safetensors', safetensors());
  workspace.write('b.safetensors', safetensors());
  expect(await open((trail) => trail.modelsBefore())).toBeUndefined();
  const rows = await open(async (trail) => {
    await trail.refresh(unattended);
    await trail.record({ model: 'a.safetensors', metrics: { loss: Number.NaN, f1: 0.5 } }, unattended);
    await trail.refresh(unattended);
    return trail.models();
  });
  expect(rows[0]?.latest?.metrics).toEqual({ loss: Number.NaN, f1: 0.5 });

  workspace.write('c.safetensors', safetensors());
  await open(async (trail) => {
    expect(await trail.modelsBefore()).toEqual(JSON.parse(JSON.stringify(rows), restored));
    expect((await trail.models()).map(({ path }) => path)).toContain('c.safetensors');
    expect(await trail.modelsBefore()).toBeUndefined();
  });
  const others = { ...defaultSettings, include: ['**/*.pt'] };
  expect(await open((trail) => trail.modelsBefore(), others)).toBeUndefined();
});

it('rows that cannot be read are as good as none', async () => {
  workspace.write('a.safetensors', safetensors());
  await open((trail) => trail.refresh(unattended));
  const store = path.join(workspace.folder, '.git/modeltrail');
  const name = readdirSync(store).find((name) => name.endsWith('.rows.json'));
  writeFileSync(path.join(store, name!), '{"formatVersion":1,"rows":[{');
  await open(async (trail) => {
    expect(await trail.modelsBefore()).toBeUndefined();
    expect(await trail.models()).toHaveLength(1);
  });
});

/** JSON has no NaN. */
function restored(name: string, value: unknown): unknown {
  return name === 'loss' ? Number.NaN : value;
}
