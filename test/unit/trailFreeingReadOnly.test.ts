import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { elsewhere, model, open, record, versionsOf } from '../support/trails.ts';
import { mountTiny } from '../support/disks.ts';

it('forgetting is refused, and written down nowhere, where the store is on a read-only disk', async (test) => {
  const storePath = path.join(elsewhere.folder, 'store');
  mountTiny(test, storePath);
  const trail = await open({ storePath });
  const first = await record(trail);
  await record(trail);
  execFileSync('mount', ['-o', 'remount,ro', storePath]);
  await expect(trail.forget([{ model, version: first }], unattended)).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining('is on a read-only disk. Nothing was changed'),
  });
  for (const again of [trail, await open({ storePath })])
    expect(await versionsOf(again)).toMatchObject([{ number: 2 }, { number: 1, forgotten: undefined }]);
  execFileSync('mount', ['-o', 'remount,rw', storePath]);
  await trail.forget([{ model, version: first }], unattended);
  expect(await versionsOf(trail)).toMatchObject([{ number: 2 }, { number: 1, forgotten: true }]);
});
