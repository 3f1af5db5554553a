import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { commandLine } from '../support/commandLine.ts';
import { elsewhere, model, open, train, workspace } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

// Models that are committed, and that nobody has recorded.

const remove = (name: string): void => rmSync(path.join(workspace.folder, name), { recursive: true });

/** Models, with what is at their paths. */
async function rowsOf(trail: Trail) {
  await trail.refresh(unattended);
  return (await trail.models()).map(({ path: name, working }) => `${name} ${working.state}`);
}

describe('a model that only Git knows', () => {
  it('stays when its file is deleted, and can be rolled back and saved', async () => {
    const first = train();
    workspace.commit('first');
    const second = train();
    workspace.commit('second');
    const trail = await open();
    expect(await rowsOf(trail)).toEqual([`${model} unchecked`]);
    remove(model);
    expect(await rowsOf(trail)).toEqual([`${model} missing`]);
    expect(await rowsOf(await open())).toEqual([`${model} missing`]);
    const { ok } = commandLine(() => workspace.folder);
    expect(await ok('status')).toMatch(/net\.safetensors +missing/);
    const saved = path.join(elsewhere.folder, 'saved.safetensors');
    await trail.saveAs({ model, version: first }, saved, unattended);
    expect(sha256(elsewhere.read('saved.safetensors'))).toBe(first);
    await trail.rollback({ model, version: second }, unattended);
    expect(sha256(workspace.read(model))).toBe(second);
  });

  it('is shown at once where the history is known', async () => {
    train();
    workspace.commit('first');
    const trail = await open();
    await trail.refresh(unattended);
    await trail.close();
    remove(model);
    expect((await (await open()).models()).map((row) => row.path)).toEqual([model]);
  });

  it('goes when a commit deletes or renames it, and is back where that is not checked out', async () => {
    train();
    train(undefined, 'other.safetensors');
    workspace.commit('two');
    workspace.git('switch', '--quiet', '--create', 'without');
    remove(model);
    workspace.git('mv', 'other.safetensors', 'best.safetensors');
    const trail = await open();
    expect(await rowsOf(trail)).toEqual([
      'best.safetensors changed',
      `${model} missing`,
      'other.safetensors missing',
    ]);
    workspace.commit('one');
    expect(await rowsOf(trail)).toEqual(['best.safetensors unchecked']);
    workspace.git('switch', '--quiet', 'main');
    remove(model);
    expect(await rowsOf(trail)).toEqual([`${model} missing`, 'other.safetensors unchecked']);
  });

  it('may be a directory, whose files are no models of their own', async () => {
    workspace.write('bert/config.json', '{"model_type":"bert"}');
    workspace.write('bert/pytorch_model.bin', 'weights');
    workspace.write('bert/model.safetensors', 'weights');
    workspace.commit('bert');
    remove('bert');
    expect(await rowsOf(await open())).toEqual(['bert missing']);
  });

  it('is none where the endings of files do not tell, or only the folder is not looked into', async () => {
    workspace.write('data.bin', 'no model');
    workspace.write('venv/net.safetensors', 'of somebody else');
    workspace.write('linked/net.safetensors', 'there still');
    workspace.commit('others');
    for (const name of ['data.bin', 'venv']) remove(name);
    renameSync(path.join(workspace.folder, 'linked'), path.join(workspace.folder, 'moved'));
    expect(await rowsOf(await open())).toEqual([
      'linked/net.safetensors missing',
      'moved/net.safetensors changed',
    ]);
  });

  it('is not missed where a sparse checkout leaves it out', async () => {
    train();
    train(undefined, 'models/other.safetensors');
    workspace.commit('two');
    workspace.git('sparse-checkout', 'set', '--no-cone', '/net.safetensors');
    expect(existsSync(path.join(workspace.folder, 'models'))).toBe(false);
    expect(await rowsOf(await open())).toEqual([`${model} unchecked`]);
  });
});
