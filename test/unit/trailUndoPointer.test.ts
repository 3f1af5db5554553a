import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { elsewhere, model, open, record, workspace } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

it('a rollback over a pointer of Git LFS is undone after another folder of the store was set', async () => {
  const trail = await open();
  const version = await record(trail);
  const oid = sha256('not on this machine');
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 19\n`;
  workspace.write(model, pointer);
  await trail.refresh(unattended);
  const { factId } = await trail.rollback({ model, version }, unattended);
  expect(sha256(workspace.read(model))).toBe(version);

  const other = await open({ storePath: path.join(elsewhere.folder, 'store') });
  await other.undo(factId, unattended);
  expect(workspace.read(model).toString()).toBe(pointer);
});
