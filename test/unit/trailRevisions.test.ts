import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { sha256 } from '../support/workspace.ts';
import { code, elsewhere, model, open, record, train, versionsOf, workspace } from '../support/trails.ts';

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
      workspace.write('metrics.json', JSON.stringify({ f1: name === 'main' ? 0.4 : 0.1 }));
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

describe('a name that Git has too', () => {
  /** Three commits with the tags v1, v2 and v3, a branch on the first, and what was recorded after them. */
  async function shadowing(): Promise<{ trail: Trail; ids: readonly string[]; recorded: string }> {
    const ids = [1, 2, 3].map((number) => {
      const id = train();
      workspace.commit(`release ${number}`);
      workspace.git('tag', `v${number}`);
      return id;
    });
    workspace.git('branch', 'production', 'v1');
    const trail = await open();
    const recorded = await record(trail);
    await trail.refresh(unattended);
    return { trail, ids, recorded };
  }
  const idOf = async (trail: Trail, name: string) => (await trail.resolve(name)).version?.id;

  it('is ambiguous alone, and says how to write each', async () => {
    const { trail, ids, recorded } = await shadowing();
    await expect(trail.resolve('v1')).rejects.toThrow(code('ambiguous'));
    await expect(trail.resolve('v1')).rejects.toThrow(`${model}@refs/tags/v1`);
    expect(await idOf(trail, `${model}@v1`)).toBe(recorded);
    expect(await idOf(trail, `${model}@refs/tags/v1`)).toBe(ids[0]);
    expect(await idOf(trail, 'v2')).toBe(ids[1]);
  });

  it('may be that of a stage, which is written with @ or with the model', async () => {
    const { trail, ids, recorded } = await shadowing();
    expect(await idOf(trail, 'production')).toBe(ids[0]);
    await trail.stage({ model, version: recorded }, 'production');
    await expect(trail.resolve('production')).rejects.toThrow(code('ambiguous'));
    expect(await idOf(trail, '@production')).toBe(recorded);
    expect(await idOf(trail, `${model}@production`)).toBe(recorded);
    expect(await idOf(trail, 'heads/production')).toBe(ids[0]);
  });

  it('is not ambiguous where Git has the same content, or does not have the model', async () => {
    const { trail, ids } = await shadowing();
    const released = { model, version: ids[1] ?? '' };
    await trail.tag(released, 'best', false);
    workspace.git('tag', 'best', 'v2');
    workspace.git('branch', 'best/of-all', 'v3');
    expect(await idOf(trail, 'best')).toBe(ids[1]);
    const nothing = workspace.git('hash-object', '-t', 'tree', '-w', '/dev/null');
    workspace.git('tag', '--force', 'best', workspace.git('commit-tree', nothing, '-m', 'no model'));
    expect(await idOf(trail, 'best')).toBe(ids[1]);
  });
});
