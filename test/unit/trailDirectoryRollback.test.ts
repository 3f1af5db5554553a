import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { contents, model, train, weights, working } from '../support/modelDirectory.ts';
import { code, open, workspace, write } from '../support/trails.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

describe('rolling back a directory', () => {
  it('puts back all of it, records what was there, leaves what is no part of it, and is undone', async () => {
    const trail = await open();
    const first = train(1, { 'extra.txt': 'only in the first' });
    await trail.record({ model, message: 'first' }, unattended);
    const before = contents();
    rmSync(path.join(workspace.folder, model, 'extra.txt'));
    const second = train(2, { 'new/deep/file': 'x' });
    workspace.write(`${model}/.gitattributes`, 'hidden');
    workspace.write(`${model}/checkpoint-5/model.safetensors`, 'a model of its own');
    chmodSync(path.join(workspace.folder, model, 'config.json'), 0o640);
    const changed = contents();
    const { recorded, factId } = await trail.rollback({ model, version: first }, unattended);
    expect(recorded).toMatchObject({ id: second, number: 2 });
    expect(contents()).toEqual({
      ...before,
      '.gitattributes': sha256('hidden'),
      'checkpoint-5/model.safetensors': sha256('a model of its own'),
    });
    expect(statSync(path.join(workspace.folder, model, 'config.json')).mode & 0o777).toBe(0o640);
    expect(existsSync(path.join(workspace.folder, model, 'new'))).toBe(false);
    expect(readdirSync(path.join(workspace.folder, 'models'))).toEqual(['bert']);
    expect(await working(trail)).toMatchObject({ state: 'same', version: first });
    await trail.undo(factId, unattended);
    expect(contents()).toEqual(changed);
    expect(await working(trail)).toMatchObject({ state: 'same', version: second });
  });

  it('brings back a directory that is gone, and undo takes it away again', async () => {
    const trail = await open();
    const id = train(1);
    await trail.record({ model }, unattended);
    const before = contents();
    rmSync(path.join(workspace.folder, model), { recursive: true });
    expect(await working(trail)).toMatchObject({ state: 'missing' });
    const { factId } = await trail.rollback({ model, version: id }, unattended);
    expect(contents()).toEqual(before);
    await trail.undo(factId, unattended);
    expect(existsSync(path.join(workspace.folder, model))).toBe(false);
  });

  it('goes between a file and a directory at one path', async () => {
    const trail = await open();
    const name = 'net.mlpackage';
    const row = async () => (await trail.models()).find((each) => each.path === name)?.working;
    write(`${name}/Manifest.json`, '{}');
    write(`${name}/Data/model.mlmodel`, 'graph');
    const { version: folder } = await trail.record({ model: name }, unattended);
    rmSync(path.join(workspace.folder, name), { recursive: true });
    write(name, 'a file');
    const { version: file } = await trail.record({ model: name }, unattended);
    await trail.rollback({ model: name, version: folder.id }, unattended);
    expect(await row()).toMatchObject({ state: 'same', version: folder.id, files: 2 });
    const { factId } = await trail.rollback({ model: name, version: file.id }, unattended);
    expect(workspace.read(name).toString()).toBe('a file');
    await trail.undo(factId, unattended);
    expect(await row()).toMatchObject({ state: 'same', version: folder.id });
  });

  it('to a file is refused while there is a checkpoint in it, which would have no place', async () => {
    const trail = await open();
    const name = 'run.safetensors';
    write(name, safetensors());
    const { version } = await trail.record({ model: name }, unattended);
    rmSync(path.join(workspace.folder, name));
    write(`${name}/config.json`, '{}');
    write(`${name}/model.safetensors`, safetensors());
    const checkpoint = write(`${name}/checkpoint-100/model.safetensors`, safetensors());
    await expect(trail.rollback({ model: name, version: version.id }, unattended)).rejects.toEqual(
      expect.objectContaining({ code: 'refused', message: expect.stringContaining('checkpoint-100') }),
    );
    expect(sha256(workspace.read(`${name}/checkpoint-100/model.safetensors`))).toBe(checkpoint);
    rmSync(path.join(workspace.folder, name, 'checkpoint-100'), { recursive: true });
    const { factId } = await trail.rollback({ model: name, version: version.id }, unattended);
    expect(sha256(workspace.read(name))).toBe(version.id);
    await trail.undo(factId, unattended);
    expect(readdirSync(path.join(workspace.folder, name)).sort()).toEqual([
      'config.json',
      'model.safetensors',
    ]);
  });

  it('is refused and changes nothing while bytes of one file are missing', async () => {
    const trail = await open();
    const first = train(1);
    await trail.record({ model }, unattended);
    const lost = sha256(workspace.read(weights));
    train(2);
    await trail.record({ model }, unattended);
    const before = contents();
    rmSync(path.join(workspace.folder, '.git/modeltrail/recipes', lost.slice(0, 2), lost));
    expect((await trail.planRollback({ model, version: first }, unattended)).from).toBeUndefined();
    await expect(trail.rollback({ model, version: first }, unattended)).rejects.toEqual(code('missingBytes'));
    expect(contents()).toEqual(before);
  });

  it('that was interrupted leaves what was there when that was forgotten: garbage would take the only other copy', async () => {
    const trail = await open();
    const first = train(1);
    await trail.record({ model }, unattended);
    const gone = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
    const work = path.join(workspace.folder, `models/.bert.${gone}-0123456789ab.modeltrail-tmp`);
    cpSync(path.join(workspace.folder, model), path.join(work, 'old'), { recursive: true });
    writeFileSync(path.join(work, 'name'), JSON.stringify({ name: 'bert', host: hostname() }));
    train(2);
    await trail.record({ model }, unattended);
    await trail.forget([{ model, version: first }], unattended);
    await trail.refresh(unattended);
    expect((await trail.info()).problems).toMatchObject([
      { path: path.relative(workspace.folder, work), message: expect.stringContaining('interrupted') },
    ]);
    expect(existsSync(path.join(work, 'old/config.json'))).toBe(true);
    // Once it is recorded again, it need not be there.
    cpSync(path.join(work, 'old'), path.join(workspace.folder, model), { recursive: true });
    expect((await trail.record({ model }, unattended)).version.id).toBe(first);
    await trail.refresh(unattended);
    expect(existsSync(work)).toBe(false);
    expect((await trail.info()).problems).toEqual([]);
  });

  it('saves a version elsewhere, and never over something', async () => {
    const trail = await open();
    const id = train(1);
    await trail.record({ model }, unattended);
    const target = path.join(workspace.folder, 'copy');
    await trail.saveAs({ model, version: id }, target, unattended);
    expect(readdirSync(target).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer']);
    await expect(trail.saveAs({ model, version: id }, target, unattended)).rejects.toThrow(/copy/);
  });
});
