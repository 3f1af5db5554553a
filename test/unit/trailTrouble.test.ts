import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { code, model, open, record, train, versionsOf, workspace } from '../support/trails.ts';

// What happens to a folder while its trail is open.

it('a journal that could not be read shows as soon as it can be', async () => {
  const folder = path.join(workspace.folder, '.modeltrail');
  const journal = path.join(folder, 'journal');
  mkdirSync(folder);
  symlinkSync('journal', journal);
  train();
  const trail = await open();
  await expect(trail.models()).rejects.toEqual(code('io'));
  await expect(trail.refresh(unattended)).rejects.toEqual(code('io'));
  rmSync(journal);
  await trail.refresh(unattended);
  expect(await trail.models()).toMatchObject([{ path: model }]);
  await record(trail);
  expect(await versionsOf(trail)).toHaveLength(1);
});

it('a repository that is deleted stays so', async () => {
  const { folder } = workspace;
  train();
  workspace.commit('one');
  const trail = await open();
  await trail.refresh(unattended);
  expect(await trail.models()).toHaveLength(1);
  rmSync(folder, { recursive: true });
  await trail.refresh(unattended).catch(() => undefined);
  await trail.close();
  expect(existsSync(folder)).toBe(false);
});
