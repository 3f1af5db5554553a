import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { readFirstRows } from '../../src/trail/catalogue/firstRows.ts';
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
  expect(await readFirstRows(workspace.folder, defaultSettings)).toBeUndefined();
  const rows = await open(async (trail) => {
    await trail.refresh(unattended);
    await trail.record({ model: 'a.safetensors', metrics: { loss: Number.NaN, f1: 0.5 } }, unattended);
    workspace.write('a.safetensors', safetensors());
    await trail.record({ model: 'a.safetensors', metrics: { loss: Number.NaN, f1: 0.6 } }, unattended);
    await trail.refresh(unattended);
    return trail.models();
  });
  expect(rows[0]?.latest?.metrics).toEqual({ loss: Number.NaN, f1: 0.6 });
  expect(rows[0]?.metricsBefore).toEqual({ loss: Number.NaN, f1: 0.5 });

  workspace.write('c.safetensors', safetensors());
  expect(await readFirstRows(workspace.folder, defaultSettings)).toEqual({
    root: workspace.folder,
    rows: JSON.parse(JSON.stringify(rows), restored),
  });
  const others = { ...defaultSettings, include: ['**/*.pt'] };
  expect(await readFirstRows(workspace.folder, others)).toBeUndefined();
  // Of Git's history nothing shows in Restricted Mode.
  expect(await readFirstRows(workspace.folder, { ...defaultSettings, trusted: false })).toBeUndefined();
});

it('rows that cannot be read are as good as none', async () => {
  workspace.write('a.safetensors', safetensors());
  await open((trail) => trail.refresh(unattended));
  const store = path.join(workspace.folder, '.git/modeltrail');
  const name = readdirSync(store).find((name) => name.endsWith('.rows.json'));
  writeFileSync(path.join(store, name!), '{"formatVersion":1,"rows":[{');
  expect(await readFirstRows(workspace.folder, defaultSettings)).toBeUndefined();
});

it('they are found in a folder below the top, in a worktree and outside Git', async () => {
  const inWorktree = path.join(workspace.folder, 'worktree');
  workspace.write('models/a.safetensors', safetensors());
  workspace.commit('one');
  workspace.git('worktree', 'add', '--quiet', inWorktree);
  const outside = makeWorkspace({ git: false });
  outside.write('models/a.safetensors', safetensors());
  try {
    for (const top of [inWorktree, workspace.folder, outside.folder]) {
      await withTrail(top, async (trail) => {
        await trail.record({ model: 'models/a.safetensors' }, unattended);
        await trail.refresh(unattended);
      });
      const found = await readFirstRows(path.join(top, 'models'), defaultSettings);
      expect(found?.root).toBe(top);
      expect(found?.rows.map((row) => row.path)).toContain('models/a.safetensors');
    }
  } finally {
    outside.remove();
  }
});

/** JSON has no NaN. */
function restored(name: string, value: unknown): unknown {
  return name === 'loss' ? Number.NaN : value;
}
