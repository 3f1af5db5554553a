import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { safetensors } from '../support/workspace.ts';
import { comeBack, move, moved, movedModel } from '../support/movedModel.ts';
import { age, code, model, open, record, train, versionsOf, workspace } from '../support/trails.ts';

async function told(trail: Trail, name: string) {
  return (await versionsOf(trail, name)).map(({ number, tags }) => [number, ...tags].join(' ')).toSorted();
}

describe('a model that made place for another', () => {
  it('keeps its versions and tags when a file is at its old path again, which has none of them', async () => {
    const { trail, first } = await movedModel();
    const fresh = await comeBack(trail);
    expect(await told(trail, moved)).toEqual(['1', '2 champion']);
    expect(await versionsOf(trail, model)).toEqual([]);
    const { version } = await trail.record({ model }, unattended);
    await trail.tag({ model, version: fresh }, 'champion', false);
    await trail.refresh(unattended);
    expect(await told(trail, moved)).toEqual(['1', '2 champion']);
    expect(await told(trail, model)).toEqual([`${version.number} champion`]);
    await trail.rollback({ model: moved, version: first }, unattended);
    expect((await trail.resolve(`${moved}@v1`)).version?.id).toBe(first);
    expect((await trail.resolve(`${model}@champion`)).version?.id).toBe(fresh);
  });

  it('shares no number with the other, so that they can be one model again', async () => {
    const { trail } = await movedModel();
    const content = safetensors(50_000);
    await comeBack(trail, content);
    await trail.record({ model }, unattended);
    await record(trail, undefined, moved);
    expect(await told(trail, moved)).toEqual(['1', '2 champion', '4']);
    // As if it had never been moved.
    workspace.git('reset', '--quiet', '--hard', 'HEAD~1');
    rmSync(path.join(workspace.folder, moved), { force: true });
    await trail.refresh(unattended);
    expect(await told(trail, model)).toEqual(['1', '2 champion', '3']);
  });

  it('has nothing of the other when that is deleted', async () => {
    const { trail } = await movedModel();
    await comeBack(trail);
    await trail.record({ model }, unattended);
    rmSync(path.join(workspace.folder, model));
    await trail.refresh(unattended);
    expect(await told(trail, moved)).toEqual(['1', '2 champion']);
    expect(await told(trail, model)).toEqual(['3']);
  });

  it('is not moved on a branch that does not know of it', async () => {
    const { trail } = await movedModel();
    workspace.git('switch', '--quiet', '--create', 'moving');
    await comeBack(trail);
    const { version } = await trail.record({ model }, unattended);
    rmSync(path.join(workspace.folder, model));
    workspace.git('switch', '--quiet', 'main');
    workspace.git('reset', '--quiet', '--hard', 'HEAD~1');
    await trail.refresh(unattended);
    expect((await told(trail, model)).slice(0, 2)).toEqual(['1', '2 champion']);
    workspace.git('switch', '--quiet', 'moving');
    await comeBack(trail);
    expect(await told(trail, moved)).toEqual(['1', '2 champion']);
    expect(await told(trail, model)).toEqual([String(version.number)]);
  });

  it('is found through several names, by those who make place one after the other', async () => {
    const { trail } = await movedModel();
    await comeBack(trail);
    const { version } = await trail.record({ model }, unattended);
    workspace.commit('another');
    await move(trail, moved, 'older.safetensors');
    await move(trail);
    await comeBack(trail);
    await trail.record({ model }, unattended);
    expect(await told(trail, 'older.safetensors')).toEqual(['1', '2 champion']);
    expect(await told(trail, moved)).toEqual([String(version.number)]);
    expect((await told(trail, model)).length).toBe(1);
  });

  it('changes places with another', async () => {
    workspace.write('.gitignore', '.modeltrail\n');
    const trail = await open();
    const [a, b] = [await record(trail), await record(trail, undefined, moved)];
    workspace.commit('two');
    await move(trail, model, 'between.safetensors');
    await move(trail, moved, model);
    await move(trail, 'between.safetensors', moved);
    expect((await versionsOf(trail, moved)).map(({ id }) => id)).toEqual([a]);
    expect((await versionsOf(trail, model)).map(({ id }) => id)).toEqual([b]);
  });

  it('has all that was said of it under both names when it is moved back', async () => {
    const { trail } = await movedModel();
    await record(trail, undefined, moved);
    workspace.commit('third');
    await move(trail, moved, model);
    expect(await told(trail, model)).toEqual(['1', '2 champion', '3']);
    expect((await trail.models()).map((row) => row.path)).toEqual([model]);
  });

  it('keeps the bytes that the other has too and gives up, and the other way round', async () => {
    const { trail, first, content } = await movedModel();
    await comeBack(trail, content);
    const { version } = await trail.record({ model }, unattended);
    expect(version.id).toBe(first);
    await trail.forget([{ model, version: first }], unattended);
    age();
    await trail.collectGarbage(unattended);
    await trail.rollback({ model: moved, version: first }, unattended);
    expect(workspace.read(moved)).toEqual(Buffer.from(content));
    await trail.record({ model, message: 'wanted again' }, unattended);
    await trail.forget([{ model: moved, version: first }], unattended);
    expect((await versionsOf(trail, model))[0]?.forgotten).toBeFalsy();
    expect((await trail.verify({}, unattended)).problems).toEqual([]);
  });

  it('gets back what a rollback replaced under the old path, where the other stays as it is', async () => {
    workspace.write('.gitignore', '.modeltrail\n');
    const trail = await open();
    const first = await record(trail);
    const content = safetensors(50_000);
    await record(trail, content);
    const { factId } = await trail.rollback({ model, version: first }, unattended);
    workspace.commit('rolled back');
    await move(trail);
    const fresh = safetensors(50_000);
    await comeBack(trail, fresh);
    expect((await trail.planUndo(factId))?.description).toContain(moved);
    await trail.undo(factId, unattended);
    expect(workspace.read(moved)).toEqual(Buffer.from(content));
    expect(workspace.read(model)).toEqual(Buffer.from(fresh));
  });

  it('is named in the activity by what it is called now', async () => {
    const { trail } = await movedModel();
    await comeBack(trail);
    await trail.record({ model }, unattended);
    const { entries } = await trail.activity({ offset: 0, limit: 10 });
    expect(entries.map((entry) => [entry.model, entry.versionName])).toEqual([
      [model, 'v3'],
      [moved, 'v2'],
      [moved, 'v2'],
      [moved, 'v1'],
    ]);
  });

  it('goes on with its numbers when the move is not committed yet and the other is there already', async () => {
    const trail = await open();
    await record(trail);
    workspace.commit('first');
    workspace.git('mv', model, moved);
    train();
    await trail.refresh(unattended);
    await record(trail, undefined, moved);
    workspace.git('commit', '--quiet', '--message', 'moved');
    await trail.refresh(unattended);
    expect(await told(trail, moved)).toEqual(['1', '2']);
    await expect(trail.resolve(`${model}@v1`)).rejects.toThrow(code('notFound'));
  });
});
