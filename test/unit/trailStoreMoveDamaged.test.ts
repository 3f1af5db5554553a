import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { damageContent, flip, recipeFile } from '../support/damage.ts';
import { age, elsewhere, model, open, record, store, train, workspace } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

describe('a store that is moved, and of which something is damaged', () => {
  it('keeps what is damaged where it was, and tells of it from there', async () => {
    const trail = await open();
    const first = await record(trail);
    await record(trail);
    flip(recipeFile(store(), first), 60);
    const to = path.join(elsewhere.folder, 'store');
    expect(await trail.moveStore(to, unattended)).toMatchObject({ removed: false });
    const message = expect.stringContaining('damaged');
    for (const options of [{}, { repair: true }])
      expect((await trail.verify(options, unattended)).problems).toEqual([{ path: model, message }]);
  });

  it('keeps the blocks of a version whose list of them is damaged, for whoever mends it in the new place', async () => {
    const trail = await open();
    const content = safetensors(50_000);
    const first = await record(trail, content);
    await record(trail);
    flip(recipeFile(store(), first), 60);
    const to = path.join(elsewhere.folder, 'store');
    await trail.moveStore(to, unattended);
    const before = readdirSync(path.join(to, 'packs'));
    age(to);
    await expect(trail.collectGarbage(unattended)).rejects.toMatchObject({ code: 'damaged' });
    expect(readdirSync(path.join(to, 'packs'))).toEqual(before);
    train(content);
    expect(await trail.verify({ repair: true }, unattended)).toMatchObject({ repaired: 1, problems: [] });
    expect(readdirSync(path.join(to, 'packs'))).toEqual(before);
    // Nothing is damaged any more: now the old folder can go.
    await trail.collectGarbage(unattended);
    expect(existsSync(path.join(store(), 'packs'))).toBe(false);
    expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  });

  it('is moved whole when a file of the first layout that was damaged is whole again', async () => {
    const trail = await open();
    const content = safetensors(50_000);
    const id = await record(trail, content);
    rmSync(recipeFile(store(), id));
    const file = `.git/modeltrail/objects/${id.slice(0, 2)}/${id}`;
    workspace.write(file, 'damaged');
    const to = path.join(elsewhere.folder, 'store');
    expect(await trail.moveStore(to, unattended)).toMatchObject({ removed: false });
    workspace.write(file, content);
    age(to);
    await trail.collectGarbage(unattended);
    expect(existsSync(path.join(workspace.folder, file))).toBe(false);
    expect(existsSync(recipeFile(to, id))).toBe(true);
    expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('is moved with the packs that were put aside as damaged, and leaves none behind', async () => {
    const storePath = path.join(elsewhere.folder, 'first');
    const trail = await open({ storePath });
    const id = await record(trail);
    damageContent(storePath, id);
    const [damaged] = readdirSync(path.join(storePath, 'packs'));
    await trail.verify({ repair: true }, unattended);
    age(storePath);
    await trail.collectGarbage(unattended);
    const to = path.join(elsewhere.folder, 'second');
    await trail.moveStore(to, unattended);
    const later = await open({ storePath: to });
    await later.collectGarbage(unattended);
    expect(readdirSync(path.join(to, 'quarantine'))).toEqual([damaged]);
    expect(existsSync(storePath)).toBe(false);
  });

  it('is moved with what is known of blocks that are damaged and that no version needs just now', async () => {
    const trail = await open();
    const id = await record(trail);
    damageContent(store(), id);
    await trail.verify({}, unattended);
    rmSync(recipeFile(store(), id));
    const to = path.join(elsewhere.folder, 'store');
    await trail.moveStore(to, unattended);
    await (await open()).record({ model }, unattended);
    expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('stays where it was when something in the copy would be missing', async () => {
    const trail = await open();
    const id = await record(trail);
    const other = await record(trail);
    damageContent(store(), id);
    const to = path.join(elsewhere.folder, 'store');
    // What was damaged before is no reason not to move, but one to keep the old folder.
    expect(await trail.moveStore(to, unattended)).toMatchObject({ removed: false });
    expect(existsSync(recipeFile(store(), other))).toBe(true);
    expect(existsSync(recipeFile(to, other))).toBe(true);
  });
});
