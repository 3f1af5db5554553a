import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { contents, identity, model, train, versionsOf, weights, working } from '../support/modelDirectory.ts';
import { code, open, trails, workspace, write } from '../support/trails.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

describe('a directory that is one model', () => {
  it('is one row, and one version for all of its files', async () => {
    const id = train(1);
    workspace.write('models/bert.metrics.json', '{"f1": 0.9}');
    const trail = await open();
    await trail.refresh(unattended);
    expect(await trail.models()).toMatchObject([{ path: model, working: { state: 'changed', files: 3 } }]);
    const { version, isNew } = await trail.record({ model, message: 'first' }, unattended);
    expect(isNew).toBe(true);
    expect(version).toMatchObject({ id, number: 1, files: 3, metrics: { f1: 0.9 }, sources: ['recorded'] });
    expect(version.size).toBe(
      Object.keys(contents()).reduce(
        (sum, name) => sum + statSync(path.join(workspace.folder, model, name)).size,
        0,
      ),
    );
    expect(await working(trail)).toMatchObject({ state: 'same', version: id, files: 3 });
    expect(await trail.record({ model }, unattended)).toMatchObject({ isNew: false, version: { number: 1 } });
    write(`${model}/config.json`, '{}');
    expect(await working(trail)).toMatchObject({ state: 'changed' });
    await trail.tag({ model, version: id }, 'champion', false);
    expect(await trail.resolve(`${model}@champion`)).toMatchObject({ model, version: { id } });
  });

  it('is known again by a process that has not seen it, which reads only then', async () => {
    const id = train(1);
    const trail = await open();
    await trail.record({ model }, unattended);
    await trail.close();
    trails.length = 0;
    for (const name of readdirSync(path.join(workspace.folder, '.git/modeltrail')))
      if (name.startsWith('index-')) rmSync(path.join(workspace.folder, '.git/modeltrail', name));
    const again = await open();
    expect(await working(again)).toMatchObject({ state: 'unchecked' });
    await again.checkWorkingCopies(unattended);
    expect(await working(again)).toMatchObject({ state: 'same', version: id });
  });

  it('shows what is wrong with it, and is not recorded then', async () => {
    train(1);
    write(`${model}/odd\\name`, 'x');
    const trail = await open();
    expect(await working(trail)).toMatchObject({
      state: 'unreadable',
      problem: expect.stringContaining('odd'),
    });
    await expect(trail.record({ model }, unattended)).rejects.toEqual(code('refused'));
  });

  it('keeps the versions of a file in it that was a model of its own before', async () => {
    write(weights, safetensors());
    const trail = await open();
    const { version } = await trail.record({ model: weights }, unattended);
    train(1);
    await trail.refresh(unattended);
    expect((await trail.models()).map((row) => row.path)).toEqual([model, weights]);
    await trail.record({ model }, unattended);
    await trail.rollback({ model: weights, version: version.id }, unattended);
    expect(sha256(workspace.read(weights))).toBe(version.id);
    await trail.checkWorkingCopies(unattended);
    expect(await working(trail)).toMatchObject({ state: 'changed' });
  });
});

describe('the Git history of a directory', () => {
  it('has a version for each tree of it, whichever file changed, and rolls back to it', async () => {
    const first = train(1);
    workspace.commit('first');
    write(`${model}/tokenizer/vocab.txt`, 'a\nb\nc\n');
    workspace.commit('more words');
    const trail = await open();
    await trail.refresh(unattended);
    const versions = await versionsOf(trail);
    expect(versions.map(({ message, files, sources }) => ({ message, files, sources }))).toEqual([
      { message: 'more words', files: 3, sources: ['git'] },
      { message: 'first', files: 3, sources: ['git'] },
    ]);
    expect(versions[1]?.id).toBe(first);
    await trail.checkWorkingCopies(unattended);
    expect(await working(trail)).toMatchObject({ state: 'same', version: versions[0]?.id });
    expect((await trail.resolve('HEAD~1')).version?.id).toBe(first);
    expect(await trail.planRollback({ model, version: first }, unattended)).toMatchObject({
      from: 'git',
      records: true,
    });
    await trail.rollback({ model, version: first }, unattended);
    expect(await working(trail)).toMatchObject({ state: 'same', version: first });
    // What was new with the next commits is read, and nothing else.
    train(3);
    workspace.commit('third');
    await trail.refresh(unattended);
    const messages = (await versionsOf(trail)).map(({ message }) => message);
    expect(messages.sort()).toEqual(['first', 'more words', 'third']);
  });

  it('begins when the folder becomes a model, and follows it when it is moved', async () => {
    write(weights, safetensors());
    workspace.commit('weights alone');
    const id = train(1);
    workspace.commit('a model');
    const trail = await open();
    await trail.record({ model, message: 'recorded before the move' }, unattended);
    workspace.git('mv', model, 'models/moved');
    workspace.commit('moved');
    await trail.refresh(unattended);
    expect((await trail.models()).map((row) => row.path)).toEqual(['models/moved']);
    const { versions } = await trail.versions('models/moved', { offset: 0, limit: 10 });
    expect(versions).toMatchObject([{ id, number: 1, message: 'recorded before the move' }]);
    expect(versions[0]?.sightings.map(({ path: at }) => at)).toEqual(['models/moved', model]);
  });

  it('counts a Git LFS pointer as what it points to, and says where the bytes could come from', async () => {
    const content = safetensors();
    const oid = sha256(content);
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;
    write(`${model}/config.json`, '{"lfs": true}');
    write(weights, pointer);
    workspace.commit('pointer');
    workspace.git('remote', 'add', 'origin', 'https://example.com/models.git');
    const id = identity({ 'config.json': '{"lfs": true}', 'model.safetensors': content });
    const trail = await open();
    await trail.refresh(unattended);
    expect(await versionsOf(trail)).toMatchObject([{ id, sources: ['lfs'], files: 2 }]);
    expect(await working(trail)).toMatchObject({ state: 'pointer' });
    const plan = await trail.planRollback({ model, version: id }, unattended);
    expect(plan.from).toBeUndefined();
    expect(plan.missing).toMatch(/git lfs fetch/);
    workspace.write(`.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`, content);
    const { factId } = await trail.rollback({ model, version: id }, unattended);
    expect(sha256(workspace.read(weights))).toBe(oid);
    expect(await working(trail)).toMatchObject({ state: 'same', version: id });
    await trail.undo(factId, unattended);
    expect(workspace.read(weights).toString()).toBe(pointer);
  });
});
