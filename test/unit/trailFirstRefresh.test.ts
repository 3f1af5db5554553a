import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { TrailChange } from '../../src/trail/api/models.ts';
import { model, open, record, workspace } from '../support/trails.ts';

// The editor shows the rows of the last time until it is told that there are others.

it('the first look at a folder is told of, also where something was asked of it before', async () => {
  await record(await open());
  rmSync(path.join(workspace.folder, model));
  const changes: TrailChange[] = [];
  const trail = await open({ onDidChange: (_root, change) => changes.push(change) });
  await trail.lostEntries(unattended);
  expect(changes).toEqual([]);
  await trail.refresh(unattended);
  expect(changes).toContain('models');
  expect(await trail.models()).toMatchObject([{ path: model, working: { state: 'missing' } }]);
  changes.length = 0;
  await trail.refresh(unattended);
  expect(changes).toEqual([]);
});
