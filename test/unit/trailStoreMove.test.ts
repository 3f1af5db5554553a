import { cpSync, existsSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { temporaryBeside } from '../../src/files/durable.ts';
import { recipeFile } from '../support/damage.ts';
import {
  age,
  elsewhere,
  model,
  open,
  record,
  recordedInWorktrees,
  store,
  workspace,
} from '../support/trails.ts';
import { makeWorkspace, safetensors, sha256 } from '../support/workspace.ts';

describe('a store that is moved', () => {
  it('is moved with all that is in it, for every window', async () => {
    const trail = await open();
    const window = await open();
    const first = await record(trail);
    await record(trail);
    await trail.pack(unattended);
    const to = path.join(elsewhere.folder, 'store');
    const report = await trail.moveStore(to, unattended);
    expect(report).toMatchObject({ from: store(), to, removed: true });
    expect(report.copied).toBeGreaterThan(100_000);
    expect(existsSync(path.join(store(), 'packs'))).toBe(false);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    await window.rollback({ model, version: first }, unattended);
    await record(window);
    expect(existsSync(path.join(store(), 'packs'))).toBe(false);
    expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 3, problems: [] });
    expect((await trail.usage(unattended)).folder).toBe(to);
    // And back.
    await trail.moveStore(store(), unattended);
    expect(existsSync(to)).toBe(false);
    expect(await window.verify({}, unattended)).toMatchObject({ checked: 3, problems: [] });
  });

  it('takes what is recorded when it was moved before there was anything in it', async () => {
    const outside = makeWorkspace({ git: false });
    const { folder } = outside;
    try {
      const trail = await open({ folder });
      const to = path.join(elsewhere.folder, 'store');
      expect(await trail.moveStore(to, unattended)).toMatchObject({ to, copied: 0 });
      outside.write(model, safetensors(50_000));
      await trail.record({ model }, unattended);
      expect(existsSync(path.join(to, 'packs'))).toBe(true);
      expect(await (await open({ folder })).verify({}, unattended)).toMatchObject({
        checked: 1,
        problems: [],
      });
    } finally {
      outside.remove();
    }
  });

  it('is moved with the names of all that use it: what one of them forgets stays for the others', async () => {
    const { trail, other, id } = await recordedInWorktrees();
    const to = path.join(elsewhere.folder, 'store');
    await trail.moveStore(to, unattended);
    await trail.forget([{ model, version: id }], unattended);
    age(to);
    await trail.collectGarbage(unattended);
    expect(await other.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('is moved with what is moved aside, by whoever forgets it just now or was killed while it did', async () => {
    const trail = await open();
    const wanted = await record(trail);
    const content = workspace.read(model);
    const unwanted = await record(trail);
    await record(trail);
    await trail.forget([{ model, version: unwanted }], unattended);
    renameSync(recipeFile(store(), wanted), `${recipeFile(store(), wanted)}.forgotten`);
    const to = path.join(elsewhere.folder, 'store');
    expect(await trail.moveStore(to, unattended)).toMatchObject({ removed: true });
    expect(existsSync(`${recipeFile(to, unwanted)}.forgotten`)).toBe(true);
    await trail.rollback({ model, version: wanted }, unattended);
    expect(workspace.read(model)).toEqual(content);
    age(to);
    await trail.collectGarbage(unattended);
    expect(existsSync(`${recipeFile(to, unwanted)}.forgotten`)).toBe(false);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  });

  it('is moved with what is moved aside of the first layout', async () => {
    const trail = await open();
    const content = safetensors(50_000);
    const id = await record(trail, content);
    rmSync(recipeFile(store(), id));
    const within = `objects/${id.slice(0, 2)}/${id}`;
    workspace.write(`.git/modeltrail/${within}.forgotten`, content);
    const to = path.join(elsewhere.folder, 'store');
    expect(await trail.moveStore(to, unattended)).toMatchObject({ removed: true });
    workspace.write(model, safetensors(50_000));
    await trail.rollback({ model, version: id }, unattended);
    expect(sha256(workspace.read(model))).toBe(id);
  });

  it('is moved where one that was killed before has left what it was writing', async () => {
    const trail = await open();
    await record(trail);
    const to = path.join(elsewhere.folder, 'store');
    elsewhere.write(path.join('store', path.basename(temporaryBeside(path.join(to, '.gitignore')))), 'half');
    expect(await trail.moveStore(to, unattended)).toMatchObject({ removed: true });
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('is where the last of two wanted it who move it at once', async () => {
    const [one, two] = ['one', 'two'].map((name) => path.join(elsewhere.folder, name)) as [string, string];
    const trail = await open();
    await record(trail);
    const moves = [(await open()).moveStore(one, unattended), (await open()).moveStore(two, unattended)];
    const [first, second] = (await Promise.all(moves)).sort(
      (a, b) => Number(a.from !== store()) - Number(b.from !== store()),
    );
    expect(second?.from).toBe(first?.to);
    expect((await trail.info()).store).toBe(second?.to);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    expect(existsSync(first?.to ?? '')).toBe(false);
  });

  it('is not moved where something else is, nor into itself', async () => {
    const trail = await open();
    await record(trail);
    elsewhere.write('thesis.txt', 'all of it');
    for (const folder of [elsewhere.folder, store(), path.join(store(), 'inner'), workspace.folder])
      await expect(trail.moveStore(folder, unattended)).rejects.toMatchObject({ code: 'refused' });
    expect(await trail.verify({}, unattended)).toMatchObject({ problems: [] });
  });

  it('may have a name that ends with a space, but not one with a line break', async () => {
    const first = await record(await open());
    await (await open()).moveStore(path.join(elsewhere.folder, 'disk '), unattended);
    const trail = await open();
    await record(trail);
    expect((await trail.info()).store).toBe(path.join(elsewhere.folder, 'disk '));
    const moving = trail.moveStore(path.join(elsewhere.folder, 'a\nb'), unattended);
    await expect(moving).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('line break'),
    });
    await trail.rollback({ model, version: first }, unattended);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    expect(readdirSync(elsewhere.folder)).toEqual(['disk ']);
  });

  it('is not moved to itself by another name', async () => {
    const trail = await open();
    await record(trail);
    const link = path.join(elsewhere.folder, 'link');
    symlinkSync(workspace.folder, link);
    const again = path.join(link, path.relative(workspace.folder, store()));
    await expect(trail.moveStore(again, unattended)).rejects.toThrow(/already/);
    await expect(trail.moveStore(path.join(again, 'new'), unattended)).rejects.toThrow(/inside/);
    expect(await trail.verify({}, unattended)).toMatchObject({ problems: [] });
  });

  it('that is set in the settings is moved in two steps: the settings switch', async () => {
    const storePath = path.join(elsewhere.folder, 'set');
    const to = path.join(elsewhere.folder, 'moved');
    const trail = await open({ storePath });
    const first = await record(trail);
    expect(await trail.moveStore(to, unattended)).toMatchObject({ from: storePath, to, removed: false });
    expect((await trail.info()).store).toBe(storePath);
    // What comes before the settings say so is not lost either.
    await record(trail);
    const switched = await open({ storePath: to });
    expect(await switched.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    expect(await switched.moveStore(to, unattended)).toMatchObject({ from: storePath, to, removed: true });
    expect(existsSync(storePath)).toBe(false);
    expect(await switched.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    await switched.rollback({ model, version: first }, unattended);
    expect(sha256(workspace.read(model))).toBe(first);
  });

  it('is not taken for moved while the disk that it was on is not connected', async () => {
    const [from, to] = ['from', 'to'].map((name) => path.join(elsewhere.folder, name)) as [string, string];
    const trail = await open();
    const id = await record(trail);
    await trail.moveStore(from, unattended);
    // What a move leaves that is killed after the switch, before it copied what came last.
    writeFileSync(path.join(store(), 'location'), `${to}\n${from}\n`);
    cpSync(from, to, { recursive: true });
    renameSync(from, `${from}.away`);
    const named = { code: 'io', message: expect.stringContaining(from) };
    await expect(trail.collectGarbage(unattended)).rejects.toMatchObject(named);
    await expect(trail.pack(unattended)).rejects.toMatchObject(named);
    renameSync(`${from}.away`, from);
    await trail.collectGarbage(unattended);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    expect(existsSync(recipeFile(to, id))).toBe(true);
  });

  it('is not moved away from a disk that is not connected', async () => {
    const [from, to] = ['from', 'to'].map((name) => path.join(elsewhere.folder, name)) as [string, string];
    const trail = await open();
    await record(trail);
    await trail.moveStore(from, unattended);
    renameSync(from, `${from}.away`);
    await expect(trail.moveStore(to, unattended)).rejects.toMatchObject({ code: 'io' });
    renameSync(`${from}.away`, from);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });
});
