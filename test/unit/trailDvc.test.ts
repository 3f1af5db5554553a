import { createHash } from 'node:crypto';
import { chmodSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';
import { damageContent, recipeFile } from '../support/damage.ts';
import { makeWorkspace, safetensors, sha256, type Workspace } from '../support/workspace.ts';

const model = 'models/net.safetensors';

let workspace: Workspace;
const trails: Trail[] = [];
beforeEach(() => (workspace = makeWorkspace()));
afterEach(async () => {
  await Promise.all(trails.splice(0).map((trail) => trail.close()));
  workspace.remove();
});

async function open(trusted = true): Promise<Trail> {
  const trail = await openTrail(workspace.folder, { ...defaultSettings, trusted });
  trails.push(trail);
  return trail;
}

const store = (): string => path.join(workspace.folder, '.git/modeltrail');

/** What `dvc add` leaves: the content in the cache, and a file that names it in place of the content in Git. */
function dvcAdd(content: Uint8Array, cache = '.dvc/cache/files/md5', contentInCache = content): string {
  const md5 = createHash('md5').update(content).digest('hex');
  workspace.write('.dvc/config', '[core]\n    remote = ours\n');
  workspace.write('models/.gitignore', '/net.safetensors\n');
  workspace.write(
    `${model}.dvc`,
    `outs:\n- md5: ${md5}\n  size: ${content.length}\n  hash: md5\n  path: net.safetensors\n`,
  );
  const cached = `${cache}/${md5.slice(0, 2)}/${md5.slice(2)}`;
  workspace.write(cached, contentInCache);
  chmodSync(path.join(workspace.folder, cached), 0o444);
  return workspace.commit('dvc add');
}

async function record(trail: Trail, content: Uint8Array): Promise<string> {
  const id = workspace.write(model, content);
  const earlier = new Date(Date.now() - 60_000);
  utimesSync(path.join(workspace.folder, model), earlier, earlier);
  await trail.record({ model }, unattended);
  return id;
}

describe("DVC's cache", () => {
  it('gives back the bytes of a version that its .dvc file named in an earlier commit', async () => {
    const trail = await open();
    const [old, recent] = [safetensors(5000), safetensors(5000)];
    dvcAdd(old);
    const first = await record(trail, old);
    dvcAdd(recent);
    await record(trail, recent);
    rmSync(recipeFile(store(), first));
    expect(await trail.planRollback({ model, version: first }, unattended)).toMatchObject({ from: 'dvc' });
    await trail.rollback({ model, version: first }, unattended);
    expect(sha256(workspace.read(model))).toBe(first);
  });

  it.each([
    ['where another folder is set', '.dvc/config.local', '[cache]\ndir = ../shared\n', 'shared/files/md5'],
    ['of a version before the third', 'notes.txt', '', '.dvc/cache'],
  ])('repairs what is damaged in the store, also from a cache %s', async (_, file, text, cache) => {
    const trail = await open();
    workspace.write(file, text);
    const content = safetensors(5000);
    dvcAdd(content, cache);
    const id = await record(trail, content);
    await record(trail, safetensors(5000));
    damageContent(store(), id);
    const fresh = await open();
    const { problems } = await fresh.verify({}, unattended);
    expect(problems).toMatchObject([{ message: expect.stringContaining('DVC still has them') }]);
    expect(await fresh.verify({ repair: true }, unattended)).toMatchObject({ repaired: 1, problems: [] });
    expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  });

  it('is not believed: another content of the same size under the name is no source', async () => {
    const trail = await open();
    const content = safetensors(5000);
    dvcAdd(content, undefined, safetensors(5000));
    const id = await record(trail, content);
    await record(trail, safetensors(5000));
    rmSync(recipeFile(store(), id));
    expect((await trail.planRollback({ model, version: id }, unattended)).from).toBeUndefined();
    await expect(trail.rollback({ model, version: id }, unattended)).rejects.toMatchObject({
      code: 'missingBytes',
      message: expect.stringContaining(`dvc fetch --all-commits ${model}.dvc`),
    });
  });

  it('is not looked at in a workspace that is not trusted', async () => {
    const content = safetensors(5000);
    dvcAdd(content);
    const id = await record(await open(), content);
    rmSync(recipeFile(store(), id));
    const untrusted = await open(false);
    await untrusted.refresh(unattended);
    expect((await untrusted.planRollback({ model, version: id }, unattended)).from).toBeUndefined();
  });
});
