import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultKeepRules } from '../../src/core/keepRules.ts';
import { unattended } from '../../src/core/operation.ts';
import { age, elsewhere, model, open, record, store, train, trails, workspace } from '../support/trails.ts';
import { makeWorkspace, safetensors, sha256 } from '../support/workspace.ts';

describe('the folder of the store', () => {
  it('can be shared by several workspaces, and what one forgets stays for the other', async () => {
    const storePath = path.join(elsewhere.folder, 'shared');
    const second = makeWorkspace();
    try {
      const trail = await open({ storePath });
      const other = await open({ folder: second.folder, storePath });
      const content = safetensors(50_000);
      const id = await record(trail, content);
      train(content, model, second);
      expect((await other.record({ model }, unattended)).version).toMatchObject({ id, number: 1 });
      const own = train(safetensors(60_000), model, second);
      expect((await other.record({ model }, unattended)).version).toMatchObject({ id: own, number: 2 });
      expect(readdirSync(path.join(storePath, 'packs'))).toHaveLength(2);
      await trail.forget([{ model, version: id }], unattended);
      age(storePath);
      await trail.collectGarbage(unattended);
      expect(await other.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
      await other.forget([{ model, version: id }], unattended);
      age(storePath);
      expect(await other.collectGarbage(unattended)).toMatchObject({ removed: 1 });
      expect(await other.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    } finally {
      await Promise.all(trails.splice(0).map((trail) => trail.close()));
      second.remove();
    }
  });

  it('still has what was recorded before another folder was set', async () => {
    const trail = await open();
    const first = await record(trail);
    const moved = await open({ storePath: path.join(elsewhere.folder, 'shared') });
    await record(moved);
    expect(await moved.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    await moved.rollback({ model, version: first }, unattended);
    expect(sha256(workspace.read(model))).toBe(first);
  });

  it('on a disk that is not there takes nothing, and says so', async () => {
    const storePath = path.join(elsewhere.folder, 'disk/shared');
    const trail = await open({ storePath });
    await record(trail);
    rmSync(path.join(elsewhere.folder, 'disk'), { recursive: true });
    train();
    await expect(trail.record({ model }, unattended)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(storePath),
    });
    expect(existsSync(storePath)).toBe(false);
  });

  it('on a disk that is not there is no store in which there is nothing to do', async () => {
    const storePath = path.join(elsewhere.folder, 'disk/shared');
    const trail = await open({ storePath });
    const version = await record(trail);
    rmSync(path.join(elsewhere.folder, 'disk'), { recursive: true });
    train();
    const gone = { code: 'io', message: expect.stringContaining(`${storePath}, which is not there`) };
    await expect(trail.usage(unattended)).rejects.toMatchObject(gone);
    await expect(trail.collectGarbage(unattended)).rejects.toMatchObject(gone);
    await expect(trail.pack(unattended)).rejects.toMatchObject(gone);
    await expect(trail.planFree(defaultKeepRules, unattended)).rejects.toMatchObject(gone);
    await expect(trail.rollback({ model, version }, unattended)).rejects.toMatchObject({
      code: 'missingBytes',
      message: expect.stringContaining('Connect the disk'),
    });
  });

  it('on a disk that is not there does not keep verify from what is wrong with the journal', async () => {
    const storePath = path.join(elsewhere.folder, 'disk/shared');
    const trail = await open({ storePath });
    await record(trail);
    rmSync(path.join(elsewhere.folder, 'disk'), { recursive: true });
    const entry = '.modeltrail/journal/2026-11/01KAH0000000000000000000AA.json';
    workspace.write(entry, 'what was it?');
    expect(await trail.verify({}, unattended)).toMatchObject({
      checked: 0,
      absent: [],
      problems: [
        { path: entry },
        { path: storePath, message: expect.stringContaining(`${storePath}, which is not there`) },
      ],
    });
  });

  it.each(['', 'packs', 'recipes'])(
    'with a file in the place of %o says so, and loses nothing',
    async (name) => {
      const trail = await open();
      const version = await record(trail);
      const place = path.join(store(), name);
      age();
      renameSync(place, `${elsewhere.folder}/away`);
      writeFileSync(place, 'no folder');
      train();
      const blocked = { code: 'io', message: expect.stringContaining(`${place} is a file`) };
      const opened = await open();
      await expect(opened.collectGarbage(unattended)).rejects.toMatchObject(blocked);
      await expect(opened.record({ model }, unattended)).rejects.toMatchObject(blocked);
      await expect(opened.rollback({ model, version }, unattended)).rejects.toMatchObject(blocked);
      await expect(opened.usage(unattended)).rejects.toMatchObject(blocked);
      rmSync(place);
      renameSync(`${elsewhere.folder}/away`, place);
      expect((await (await open()).verify({}, unattended)).problems).toEqual([]);
    },
  );

  it('that was never used keeps nothing', async () => {
    const storePath = path.join(elsewhere.folder, 'new');
    expect(await (await open({ storePath })).usage(unattended)).toMatchObject({
      folder: storePath,
      models: [],
      stored: 0,
    });
  });
});
