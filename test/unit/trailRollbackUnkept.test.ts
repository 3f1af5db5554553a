import { rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { model, open, record, workspace } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

const file = (): string => path.join(workspace.folder, model);

describe('a rollback', () => {
  it.each([
    ['a folder with files in it', () => workspace.write(`${model}/notes.txt`, 'mine'), 'is a directory'],
    ['a link whose file is gone', () => symlinkSync('nowhere', file()), 'remove the link'],
  ])('is refused before anybody is asked where %s is in its place', async (_what, put, why) => {
    const trail = await open();
    const version = await record(trail);
    rmSync(file());
    put();
    const refused = { code: 'refused', message: expect.stringContaining(why) };
    await expect(trail.planRollback({ model, version }, unattended)).rejects.toMatchObject(refused);
    await expect(trail.rollback({ model, version }, unattended)).rejects.toMatchObject(refused);
  });

  it('that cannot be noted says that the bytes are in place, and what was there', async () => {
    const before = await open();
    const version = await record(before);
    await record(before);
    // The entry would go into the folder of its month.
    const trail = await open({ now: () => new Date('2051-01-01') });
    workspace.write('.modeltrail/journal/2051-01', 'in the way');
    await expect(trail.rollback({ model, version }, unattended)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringMatching(/is v1 now, but this could not be noted: .* What was there is v2\.$/),
    });
    expect(sha256(workspace.read(model))).toBe(version);
  });
});
