import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { ignoredModel, moved, mv, names, rename, told } from '../support/ignoredModel.ts';
import {
  age,
  elsewhere,
  model,
  open,
  record,
  train,
  trails,
  versionsOf,
  workspace,
} from '../support/trails.ts';

describe('a model that Git ignores, and whose file was moved', () => {
  it('goes on under its new path, with its versions, tags, stages and numbers', async () => {
    const { trail, second } = await ignoredModel();
    mv();
    const { version } = await rename(trail);
    expect(version).toMatchObject({ id: second, model: moved, number: 2 });
    expect(await names(trail)).toEqual([moved]);
    expect(await told(trail, moved)).toEqual(['2', '1 champion production']);
    await record(trail, undefined, moved);
    expect(await told(trail, moved)).toEqual(['3', '2', '1 champion production']);
    expect((await versionsOf(trail, moved))[0]?.provenance).toMatchObject({ parent: second });
    expect((await trail.resolve('champion')).model).toBe(moved);
    await expect(trail.resolve(`${model}@v1`)).rejects.toThrow(`${model} is called ${moved} now`);
    expect(await trail.calledNow(model)).toBe(moved);
  });

  it('is what it is on the next day, and for whoever reads the journal elsewhere', async () => {
    const { trail } = await ignoredModel();
    mv();
    await rename(trail);
    workspace.commit('journal');
    await trail.close();
    trails.length = 0;
    expect(await told(await open(), moved)).toEqual(['2', '1 champion production']);
    const clone = path.join(elsewhere.folder, 'clone');
    workspace.git('clone', '--quiet', workspace.folder, clone);
    expect(await told(await open({ folder: clone }), moved)).toEqual(['2', '1 champion production']);
  });

  it('is put back under its new path, also by the undo of a rollback from before', async () => {
    const { trail, first, second, content } = await ignoredModel();
    const { factId } = await trail.rollback({ model, version: first }, unattended);
    mv();
    await rename(trail);
    await trail.undo(factId, unattended);
    expect((await trail.checkWorkingCopy(moved, unattended)).version).toBe(second);
    await trail.rollback({ model: moved, version: first }, unattended);
    expect(workspace.read(moved)).toEqual(Buffer.from(content));
    expect(await names(trail)).toEqual([moved]);
  });

  it('need not be a version: it was trained further, and is the next one', async () => {
    const { trail } = await ignoredModel();
    mv();
    train(undefined, moved);
    expect((await rename(trail)).version).toBeUndefined();
    expect(await told(trail, moved)).toEqual(['2', '1 champion production']);
    await trail.record({ model: moved }, unattended);
    expect(await told(trail, moved)).toEqual(['3', '2', '1 champion production']);
  });

  it('may have been recorded under the new path first, as the same content: its number is the same', async () => {
    const { trail, second } = await ignoredModel();
    mv();
    await trail.refresh(unattended);
    const { version, movedFrom } = await trail.record({ model: moved }, unattended);
    expect([version.number, movedFrom]).toEqual([2, model]);
    await trail.tag({ model: moved, version: second }, 'best', false);
    await record(trail, undefined, moved);
    await rename(trail);
    expect(await told(trail, moved)).toEqual(['3', '2 best', '1 champion production']);
  });

  it('goes on in a folder without Git too', async () => {
    const trail = await open({ folder: elsewhere.folder });
    await record(trail, undefined, model, elsewhere);
    await record(trail, undefined, model, elsewhere);
    renameSync(path.join(elsewhere.folder, model), path.join(elsewhere.folder, 'best.safetensors'));
    await trail.refresh(unattended);
    const { version } = await trail.record({ model: 'best.safetensors' }, unattended);
    expect(version.number).toBe(2);
    await trail.rename(model, 'best.safetensors', unattended);
    expect(await told(trail, 'best.safetensors')).toEqual(['2', '1']);
  });

  it('leaves its old path to another model, which shares no number with it', async () => {
    const { trail } = await ignoredModel();
    mv();
    await rename(trail);
    const other = await record(trail);
    await trail.tag({ model, version: other }, 'champion', false);
    await record(trail, undefined, moved);
    expect(await told(trail, model)).toEqual(['3 champion']);
    expect(await told(trail, moved)).toEqual(['4', '2', '1 champion production']);
    expect(await trail.calledNow(model)).toBeUndefined();
  });

  it('is found through several names, and back at the first', async () => {
    const { trail } = await ignoredModel();
    mv();
    await rename(trail);
    mv(moved, 'third.safetensors');
    await rename(trail, moved, 'third.safetensors');
    await expect(trail.rename(model, moved, unattended)).rejects.toThrow(
      'is called third.safetensors already',
    );
    mv('third.safetensors', model);
    await rename(trail, 'third.safetensors', model);
    await record(trail);
    expect(await told(trail, model)).toEqual(['3', '2', '1 champion production']);
    expect(await names(trail)).toEqual([model]);
  });

  it('changes places with another', async () => {
    const trail = await open();
    const [a, b] = [await record(trail), await record(trail, undefined, moved)];
    for (const [from, to] of [
      [model, 'between.safetensors'],
      [moved, model],
      ['between.safetensors', moved],
    ] as const) {
      mv(from, to);
      await rename(trail, from, to);
    }
    expect((await versionsOf(trail, moved)).map(({ id }) => id)).toEqual([a]);
    expect((await versionsOf(trail, model)).map(({ id }) => id)).toEqual([b]);
  });

  it('is followed by Git, once it is committed under its new path', async () => {
    const { trail } = await ignoredModel();
    mv();
    await rename(trail);
    workspace.git('add', '--force', moved);
    workspace.git('commit', '--quiet', '--message', 'kept in Git now');
    workspace.git('mv', moved, 'in-git.safetensors');
    workspace.git('commit', '--quiet', '--message', 'renamed there');
    await trail.refresh(unattended);
    expect((await told(trail, 'in-git.safetensors')).toSorted()).toEqual(['1 champion production', '2']);
    expect(await names(trail)).toEqual(['in-git.safetensors']);
  });

  it('is not followed from a path that Git took another model away from before', async () => {
    workspace.write('.gitignore', '.modeltrail\n');
    const trail = await open();
    const old = await record(trail);
    workspace.commit('in Git');
    workspace.git('mv', model, 'older.safetensors');
    workspace.git('commit', '--quiet', '--message', 'renamed');
    workspace.write('.gitignore', `.modeltrail\n${model}\n${moved}\n`);
    const fresh = train();
    await trail.refresh(unattended);
    await trail.record({ model }, unattended);
    // Git says still that the path had a version: but of the other.
    mv();
    await rename(trail);
    expect((await versionsOf(trail, 'older.safetensors')).map(({ id }) => id)).toEqual([old]);
    expect((await versionsOf(trail, moved)).map(({ id }) => id)).toEqual([fresh]);
  });

  it('gives up under its new path what was recorded under the old one, and keeps what its rules keep', async () => {
    const { trail, first, second } = await ignoredModel();
    const third = await record(trail);
    mv();
    await rename(trail);
    const rules = { last: 1, days: 0, tagged: true, staged: false, best: false };
    const { free } = await trail.planFree(rules, unattended);
    expect(free.map(({ version }) => [version.model, version.id])).toEqual([[moved, second]]);
    await trail.forget([{ model: moved, version: second }], unattended);
    age();
    await trail.collectGarbage(unattended);
    const kept = (await versionsOf(trail, moved)).map(({ id, forgotten = false }) => [id, forgotten]);
    expect(kept).toEqual([
      [third, false],
      [second, true],
      [first, false],
    ]);
    expect((await trail.verify({}, unattended)).problems).toEqual([]);
  });

  it('is a model of its own again when that is undone: what was said since stays with the new path', async () => {
    const { trail, first } = await ignoredModel();
    mv();
    await rename(trail);
    const third = await record(trail, undefined, moved);
    await trail.tag({ model: moved, version: first }, 'old', false);
    const { entries } = await trail.activity({ offset: 0, limit: 10 });
    const said = entries.find(({ fact }) => fact.kind === 'renamed');
    expect(said).toMatchObject({ model: moved, versionName: 'v2', undoable: true });
    const plan = await trail.planUndo(said?.fact.id);
    expect(plan?.description).toContain(`${model} is a model of its own again`);
    await trail.undo(plan?.fact.id ?? '', unattended);
    await trail.refresh(unattended);
    expect(await told(trail, model)).toEqual(['2', '1 champion production']);
    expect((await versionsOf(trail, moved)).map(({ id }) => id)).toEqual([third]);
    mv(moved, model);
    await trail.refresh(unattended);
    expect((await trail.checkWorkingCopy(model, unattended)).state).toBe('changed');
  });

  it('is the last change that undo offers, and that again once it was said again', async () => {
    const { trail } = await ignoredModel();
    mv();
    const { factId } = await rename(trail);
    expect((await trail.planUndo())?.fact.id).toBe(factId);
    expect((await trail.rename(model, moved, unattended)).factId).toBeUndefined();
    await trail.undo(factId ?? '', unattended);
    expect(await trail.calledNow(model)).toBeUndefined();
    await rename(trail);
    expect(await told(trail, moved)).toEqual(['2', '1 champion production']);
  });

  it('is guessed from its file alone, which is not read for that, and not where there are two', async () => {
    const { trail } = await ignoredModel();
    await trail.checkWorkingCopy(model, unattended);
    mv();
    await trail.refresh(unattended);
    const row = (await trail.models()).find((one) => one.path === moved);
    expect(row?.working).toMatchObject({ state: 'changed', movedFrom: model });
    train(workspace.read(moved), 'copy.safetensors');
    await trail.refresh(unattended);
    await trail.record({ model: 'copy.safetensors' }, unattended);
    rmSync(path.join(workspace.folder, 'copy.safetensors'));
    await trail.refresh(unattended);
    expect((await trail.checkWorkingCopy(moved, unattended)).movedFrom).toBeUndefined();
  });
});
