import { createHash } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { withPresence } from '../../src/trail/catalogue/presence.ts';
import { commandLine } from '../support/commandLine.ts';
import { recipeFile } from '../support/damage.ts';
import { elsewhere, model, open, record, store, versionsOf, workspace } from '../support/trails.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

const pointerTo = (content: Uint8Array): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(content)}\nsize ${content.length}\n`;

const clone = (): string => path.join(elsewhere.folder, 'clone');

/** What a colleague has who clones the repository: its journal, and the store of nobody. */
function cloneIt(): ReturnType<typeof commandLine> {
  workspace.git('clone', '--quiet', workspace.folder, clone());
  return commandLine(clone);
}

/** Two versions that were recorded here, of a model that Git ignores, with a journal that is committed. */
async function recordTwo(): Promise<readonly [string, string]> {
  workspace.write('.gitignore', '*.safetensors\n');
  const trail = await open();
  const ids = [await record(trail, safetensors(400)), await record(trail, safetensors(500))] as const;
  workspace.commit('recorded');
  return ids;
}

describe('a version whose bytes are not on this machine', () => {
  it('says so in log and show, where it was recorded elsewhere', async () => {
    await recordTwo();
    const { ok, json } = cloneIt();
    expect(await ok('log', model)).toMatch(/^v2 .*\(not on this machine\).*\nv1 .*\(not on this machine\)/);
    expect(await ok('show', `${model}@v1`)).toMatch(/Bytes +not on this machine/);
    expect((await json('log', model)).document).toMatchObject({
      versions: [{ absent: true, forgotten: false }, { absent: true }],
    });
    expect((await json('status')).document).toMatchObject({ models: [{ latest: { absent: true } }] });
    const here = commandLine(() => workspace.folder);
    expect(await here.ok('log', model)).not.toContain('machine');
    expect((await here.json('log', model)).document).toMatchObject({ versions: [{ absent: false }, {}] });
  });

  it('is one that the store lost, but not the one that is in place', async () => {
    const [first, second] = await recordTwo();
    for (const id of [first, second]) rmSync(recipeFile(store(), id));
    const trail = await open();
    await trail.refresh(unattended);
    await trail.checkWorkingCopies(unattended);
    expect(await versionsOf(trail)).toMatchObject([{ absent: false }, { absent: true }]);
  });

  it('may be what the file is as long as nobody read that', async () => {
    const [, second] = await recordTwo();
    cloneIt();
    copyFileSync(path.join(workspace.folder, model), path.join(clone(), model));
    const trail = await open({ folder: clone() });
    await trail.refresh(unattended);
    const [newest] = await versionsOf(trail);
    expect(newest?.id).toBe(second);
    expect(newest?.absent).toBeUndefined();
    await trail.checkWorkingCopies(unattended);
    expect(await versionsOf(trail)).toMatchObject([{ absent: false }, { absent: true }]);
  });

  it('is one that Git LFS did not download', async () => {
    const [here, there] = [safetensors(500), safetensors(500)];
    for (const content of [there, here]) {
      workspace.write(model, pointerTo(content));
      workspace.commit('trained');
    }
    const oid = sha256(here);
    workspace.write(`.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`, here);
    const trail = await open();
    await trail.refresh(unattended);
    expect(await versionsOf(trail)).toMatchObject([
      { id: oid, absent: false },
      { id: sha256(there), absent: true },
    ]);
  });

  it('is not one that Git has, also before its history was read', async () => {
    await record(await open());
    workspace.commit('recorded');
    cloneIt();
    const trail = await open({ folder: clone() });
    expect((await versionsOf(trail))[0]).not.toHaveProperty('absent', true);
    await trail.refresh(unattended);
    expect(await versionsOf(trail)).toMatchObject([{ sources: ['recorded', 'git'], absent: false }]);
    const untrusted = await open({ folder: clone(), trusted: false });
    expect((await versionsOf(untrusted))[0]).not.toHaveProperty('absent', true);
  });

  it('is not said of one that DVC may have', async () => {
    const [first] = await recordTwo();
    rmSync(recipeFile(store(), first));
    workspace.write(`${model}.dvc`, `outs:\n- md5: ${createHash('md5').digest('hex')}\n`);
    const trail = await open();
    await trail.refresh(unattended);
    expect((await versionsOf(trail))[1]).not.toHaveProperty('absent', true);
  });

  it('is told from the others also among thousands', async () => {
    const trail = await open();
    await record(trail);
    await trail.refresh(unattended);
    const one = (await versionsOf(trail))[0]!;
    const others = Array.from({ length: 2000 }, (_, index) => ({ ...one, id: sha256(`${index}`), size: 1 }));
    const found = await trail.lend((context) => withPresence(context, [...others, one]));
    expect(found.filter(({ absent }) => absent === false)).toMatchObject([{ id: one.id }]);
    expect(found.filter(({ absent }) => absent)).toHaveLength(2000);
  });

  it('is one that was given up, which is said in its place', async () => {
    const [first] = await recordTwo();
    const trail = await open();
    await trail.refresh(unattended);
    await trail.forget([{ model, version: first }], unattended);
    expect(await versionsOf(trail)).toMatchObject([{}, { forgotten: true, absent: true }]);
    const { ok } = commandLine(() => workspace.folder);
    expect(await ok('log', model)).toMatch(/^v1 .*\(bytes given up\)/m);
  });
});
