import { copyFileSync, cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { openContext } from '../../src/trail/opening.ts';
import { record as recordIn } from '../../src/trail/changes/recording.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { damageContent, recipeFile } from '../support/damage.ts';
import * as directory from '../support/modelDirectory.ts';
import { elsewhere, model, open, record, store, train, workspace } from '../support/trails.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

/** Removes the packs that something brought, as a disk or a cleaner does. */
async function losePacksOf(work: () => Promise<unknown>): Promise<void> {
  const packs = path.join(store(), 'packs');
  const before = new Set(readdirSync(packs));
  await work();
  for (const name of readdirSync(packs)) if (!before.has(name)) rmSync(path.join(packs, name));
}

describe('a working copy whose kept bytes were lost is kept again', () => {
  it('when a pack is gone, before a rollback overwrites it', async () => {
    const trail = await open();
    const first = await record(trail);
    await losePacksOf(() => record(trail));
    const second = sha256(workspace.read(model));
    const { factId } = await trail.rollback({ model, version: first }, unattended);
    await trail.undo(factId, unattended);
    expect(sha256(workspace.read(model))).toBe(second);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  });

  it('when a block of them was damaged since, before a rollback overwrites the file', async () => {
    const first = await record(await open());
    const second = await record(await open());
    damageContent(store(), second);
    const trail = await open();
    const { factId } = await trail.rollback({ model, version: first }, unattended);
    await trail.undo(factId, unattended);
    expect(sha256(workspace.read(model))).toBe(second);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  });

  it('and where it cannot be kept again, the rollback leaves it where it is', async () => {
    const trail = await open();
    const first = await record(trail);
    const second = await record(trail);
    damageContent(store(), second);
    // Nothing new can be put into the store.
    rmSync(path.join(store(), 'tmp'), { recursive: true });
    writeFileSync(path.join(store(), 'tmp'), 'in the way');
    await expect(trail.rollback({ model, version: first }, unattended)).rejects.toThrow('.git/modeltrail');
    expect(sha256(workspace.read(model))).toBe(second);
    expect(readdirSync(workspace.folder).sort()).toEqual(['.git', '.modeltrail', model]);
  });

  it('when a file of a directory was damaged since, before a rollback overwrites it', async () => {
    const target = { model: directory.model };
    directory.train(1);
    const { version: first } = await (await open()).record(target, unattended);
    directory.train(2);
    await (await open()).record(target, unattended);
    const before = directory.contents();
    for (const content of Object.values(before)) damageContent(store(), content);
    const trail = await open();
    const { factId } = await trail.rollback({ ...target, version: first.id }, unattended);
    await trail.undo(factId, unattended);
    expect(directory.contents()).toEqual(before);
  });

  it('when a block of them was found to be damaged, by recording it', async () => {
    const trail = await open();
    const id = await record(trail);
    damageContent(store(), id);
    expect((await trail.verify({}, unattended)).problems).toHaveLength(1);
    expect(await trail.record({ model }, unattended)).toMatchObject({ isNew: false });
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('when another process found that, before this one recorded it', async () => {
    const id = await record(await open());
    damageContent(store(), id);
    expect((await (await open()).verify({}, unattended)).problems).toHaveLength(1);
    expect(await (await open()).record({ model }, unattended)).toMatchObject({ isNew: false });
    expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('when another process found that while this one was open', async () => {
    const trail = await open();
    const id = await record(trail);
    damageContent(store(), id);
    expect((await (await open()).verify({}, unattended)).problems).toHaveLength(1);
    await trail.record({ model }, unattended);
    expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('when somebody gave them up between the bytes and the fact', async () => {
    const { context } = await openContext(workspace.folder, { ...defaultSettings, trusted: true }, {});
    const id = train();
    const giveUp = async (): Promise<void> => rmSync(recipeFile(store(), id));
    await recordIn(context, { model }, unattended, giveUp);
    context.index.close();
    expect(existsSync(recipeFile(store(), id))).toBe(true);
    expect((await (await open()).verify({}, unattended)).problems).toEqual([]);
  });

  it('also where it is a directory, and only a file of it was lost', async () => {
    const trail = await open();
    directory.train(1, { 'other.safetensors': safetensors(50_000) });
    const target = { model: directory.model };
    const { version: first } = await trail.record(target, unattended);
    await losePacksOf(async () => {
      directory.train(2, { 'other.safetensors': workspace.read(`${directory.model}/other.safetensors`) });
      await trail.record(target, unattended);
    });
    const before = directory.contents();
    const { factId } = await trail.rollback({ ...target, version: first.id }, unattended);
    await trail.undo(factId, unattended);
    expect(directory.contents()).toEqual(before);
  });
});

it('a working copy that is kept whole is not read again to record it', async () => {
  const trail = await open();
  await record(trail);
  const read: string[] = [];
  await trail.record({ model }, { ...unattended, report: ({ label }) => void read.push(label) });
  expect(read).toEqual([]);
});

it('what is damaged is noted in the store, but not from a workspace that is not trusted', async () => {
  const id = await record(await open());
  damageContent(store(), id);
  const notes = (): string[] =>
    readdirSync(path.join(store(), 'packs')).filter((name) => name.endsWith('.damaged'));
  expect(await (await open({ trusted: false })).verify({}, unattended)).toMatchObject({ checked: 1 });
  expect(notes()).toEqual([]);
  expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 1 });
  expect(notes()).toHaveLength(1);
});

it('a pack that somebody brings back from a copy is relied on again, when all that was found to be damaged in it is whole', async () => {
  const content = safetensors(50_000);
  const [first, second] = [await record(await open(), content), await record(await open())];
  const packs = path.join(store(), 'packs');
  const copy = path.join(elsewhere.folder, 'packs');
  cpSync(packs, copy, { recursive: true });
  const marks = (): string[] => readdirSync(packs).filter((name) => name.endsWith('.damaged'));
  for (const id of [first, second]) damageContent(store(), id);
  const engine = await open();
  expect((await engine.verify({}, unattended)).problems).toHaveLength(2);
  expect(marks()).toHaveLength(2);
  const bringBack = (mark: string): void => {
    const file = mark.replace(/damaged$/, 'pack');
    rmSync(path.join(packs, file));
    copyFileSync(path.join(copy, file), path.join(packs, file));
  };
  marks().slice(0, 1).forEach(bringBack);
  expect((await engine.verify({}, unattended)).problems).toHaveLength(1);
  expect(marks()).toHaveLength(1);
  marks().forEach(bringBack);
  for (const trail of [engine, await open()])
    expect((await trail.verify({}, unattended)).problems).toEqual([]);
  expect(readdirSync(packs).sort()).toEqual(readdirSync(copy).sort());
  // Nothing is kept anew.
  await record(await open(), content);
  expect(readdirSync(packs).sort()).toEqual(readdirSync(copy).sort());
});
