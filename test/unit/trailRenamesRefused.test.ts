import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { ignoredModel, moved, mv, rename, told } from '../support/ignoredModel.ts';
import { code, model, record, train, workspace } from '../support/trails.ts';

describe('a rename is refused', () => {
  it('where the file is there still, or is not there, or nobody knows of such a model', async () => {
    const { trail } = await ignoredModel();
    train(workspace.read(model), moved);
    await expect(rename(trail)).rejects.toThrow(`${model} is still there`);
    await expect(rename(trail, model, model)).rejects.toThrow(code('usage'));
    rmSync(path.join(workspace.folder, model));
    await expect(rename(trail, model, 'typo.safetensors')).rejects.toThrow('typo.safetensors is not there');
    await expect(rename(trail, 'typo.safetensors', moved)).rejects.toThrow('There is no model "typo.safe');
    await expect(rename(trail, model, '../other.safetensors')).rejects.toThrow(code('usage'));
  });

  it('where the new path has versions of its own, of which one would be called as another', async () => {
    const { trail } = await ignoredModel();
    await record(trail, undefined, moved);
    rmSync(path.join(workspace.folder, model));
    await expect(rename(trail)).rejects.toThrow('two that are called v1');
    expect(await told(trail, model)).toEqual(['2', '1 champion production']);
  });

  it('where Git has versions of the model, and so tells it by itself', async () => {
    workspace.write('.gitignore', '');
    const { trail } = await ignoredModel();
    workspace.commit('in Git');
    mv();
    await expect(rename(trail)).rejects.toThrow(`Git has versions of ${model}`);
    const row = (await trail.models()).find((one) => one.path === moved);
    expect(row?.working.movedFrom).toBeUndefined();
    workspace.commit('moved');
    await trail.refresh(unattended);
    expect((await told(trail, moved)).toSorted()).toEqual(['1 champion production', '2']);
    expect((await trail.rename(model, moved, unattended)).factId).toBeUndefined();
  });
});
