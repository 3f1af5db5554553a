import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { TrailChange } from '../../src/trail/api/models.ts';
import { model, open, record, train, workspace } from '../support/trails.ts';

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

it('no model is without versions before Git was asked', async () => {
  train();
  workspace.commit('One');
  const trail = await open();
  const row = async () => (await trail.models())[0];
  expect(await row()).toMatchObject({ versions: 0, historyHidden: 'reading' });
  await trail.refresh(unattended);
  expect(await row()).toMatchObject({ versions: 1, historyHidden: undefined });
  await trail.close();
  const again = await open();
  expect((await again.models())[0]).toMatchObject({ versions: 1, historyHidden: undefined });
});

it('where there is no commit, nor where Git says nothing, a model is without versions after all', async () => {
  train();
  const changes: TrailChange[] = [];
  const trail = await open({ onDidChange: (_root, change) => changes.push(change) });
  expect((await trail.models())[0]?.historyHidden).toBe('reading');
  await trail.refresh(unattended);
  expect(changes).toContain('history');
  expect((await trail.models())[0]?.historyHidden).toBeUndefined();
});
