import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { sha256 } from '../support/workspace.ts';
import { code, elsewhere, model, open, train, versionsOf, workspace } from '../support/trails.ts';

/** As CI has it: HEAD is detached at a commit of one branch; the other is known as `origin/main` only. */
async function inCi(): Promise<{ trail: Trail; folder: string }> {
  workspace.git('switch', '--quiet', '--detach', 'pr');
  const folder = path.join(elsewhere.folder, 'ci');
  workspace.git('clone', '--quiet', workspace.folder, folder);
  workspace.git('-C', folder, 'checkout', '--quiet', '--detach', 'origin/pr');
  const trail = await open({ folder });
  await trail.refresh(unattended);
  return { trail, folder };
}

function branches(change: (name: string) => void): void {
  change('base');
  workspace.commit('base');
  workspace.git('switch', '--quiet', '--create', 'pr');
  change('pr');
  workspace.commit('pr');
  workspace.git('switch', '--quiet', 'main');
  change('main');
  workspace.commit('main moved on');
}

describe('a revision that is on no local branch', () => {
  it('is read when it is named, with its metrics, and is not listed', async () => {
    const ids = new Map<string, string>();
    branches((name) => {
      ids.set(name, train());
      workspace.write('metrics.json', JSON.stringify({ f1: name.length / 10 }));
    });
    const { trail } = await inCi();
    const { version } = await trail.resolve('origin/main');
    expect(version).toMatchObject({ id: ids.get('main'), message: 'main moved on', metrics: { f1: 0.4 } });
    const [theirs, ours] = [ids.get('main') ?? '', ids.get('pr') ?? ''];
    const { identical } = await trail.diff({ model, version: theirs }, { model, version: ours }, unattended);
    expect(identical).toBe(false);
    expect((await versionsOf(trail)).map(({ message }) => message)).toEqual(['pr', 'base']);
  });

  it('can be rolled back to', async () => {
    const ids = new Map<string, string>();
    branches((name) => ids.set(name, train()));
    const { trail, folder } = await inCi();
    const theirs = (await trail.resolve(`${model}@origin/main`)).version?.id ?? '';
    await trail.rollback({ model, version: theirs }, unattended);
    expect(sha256(workspace.read(path.relative(workspace.folder, path.join(folder, model))))).toBe(
      ids.get('main'),
    );
  });

  it('may be that of a directory', async () => {
    branches((name) => {
      workspace.write('bert/config.json', '{"model_type":"bert"}');
      workspace.write('bert/model.safetensors', name);
    });
    const { trail, folder } = await inCi();
    const { version } = await trail.resolve('bert@origin/main');
    expect(version).toMatchObject({ files: 2, message: 'main moved on' });
    await trail.rollback({ model: 'bert', version: version?.id ?? '' }, unattended);
    const file = path.relative(workspace.folder, path.join(folder, 'bert/model.safetensors'));
    expect(workspace.read(file).toString()).toBe('main');
  });

  it('is ambiguous where several models are there', async () => {
    branches(() => {
      train();
      train(undefined, 'other.safetensors');
    });
    const { trail } = await inCi();
    await expect(trail.resolve('origin/main')).rejects.toThrow(code('ambiguous'));
    await expect(trail.resolve('origin/main')).rejects.toThrow(`${model}@origin/main`);
  });

  it('is not found where the model was not there', async () => {
    branches(() => train());
    workspace.git('rm', '--quiet', model);
    workspace.commit('gone');
    const { trail } = await inCi();
    await expect(trail.resolve('origin/main')).rejects.toThrow(code('notFound'));
  });
});
