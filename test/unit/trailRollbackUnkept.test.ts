import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { runAsNobody } from '../support/anotherUser.ts';
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

  it('from a store that is read-only is refused over a file, saying what to do, which helps', async (test) => {
    const trail = await open();
    const version = await record(trail);
    await record(trail);
    execFileSync('chmod', ['-R', 'a+rwX', path.join(workspace.folder, '.modeltrail')]);
    chmodSync(workspace.folder, 0o777);
    const module = `
      import { renameSync } from 'node:fs';
      import { unattended } from 'source/core/operation.ts';
      import { defaultSettings } from 'source/trail/settings.ts';
      import { openTrail } from 'source/trail/trail.ts';
      const target = { model: '${model}', version: '${version}' };
      const trail = await openTrail('${workspace.folder}', defaultSettings, { author: { name: 'Nobody' } });
      await trail.rollback(target, unattended).catch((error) => console.log(error.message));
      renameSync('${file()}', '${file()}.before');
      await trail.rollback(target, unattended);
      await trail.close();
      process.exit();
    `;
    expect(runAsNobody(test, module)).toMatch(
      /^No permission for .*modeltrail.* The store has to be written to, .* Or rename net\.safetensors first/,
    );
    expect(sha256(workspace.read(model))).toBe(version);
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
