import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { damageContent, recipeFile } from '../support/damage.ts';
import { mebibyte, model, net, recorded, reopened, weights } from '../support/headTraining.ts';
import { code, open, store, workspace, write } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

describe('damage to a directory', () => {
  it('is found, named by its file, and mended from the working copy', async () => {
    const trail = await open();
    const { head } = await recorded(trail, 1);
    damageContent(store(), head);
    const report = await trail.verify({}, unattended);
    expect(report).toMatchObject({ checked: 1, repaired: 0, problems: [{ path: weights }] });
    expect(report.problems[0]?.message).toContain('tensor');
    const repaired = await trail.verify({ repair: true }, unattended);
    expect(repaired).toMatchObject({ repaired: 1, problems: [] });
    expect(await trail.verify({}, unattended)).toMatchObject({ problems: [] });
  });

  it('does not stop a rollback when Git has the file', async () => {
    const trail = await open();
    const first = await recorded(trail, 1);
    workspace.commit('first');
    await recorded(trail, 2);
    await trail.refresh(unattended);
    damageContent(store(), first.head);
    await trail.rollback({ model, version: first.version }, unattended);
    expect(sha256(workspace.read(weights))).toBe(first.head);
  });

  it('of the list of its files is found, and mended', async () => {
    const trail = await open();
    const { version } = await recorded(trail, 1);
    rmSync(recipeFile(store(), version));
    expect((await trail.verify({}, unattended)).problems).toMatchObject([{ path: model }]);
    expect(await trail.verify({ repair: true }, unattended)).toMatchObject({ repaired: 1, problems: [] });
    await recorded(trail, 2);
    await trail.rollback({ model, version }, unattended);
    rmSync(recipeFile(store(), version));
    rmSync(path.join(workspace.folder, model), { recursive: true });
    await expect(trail.rollback({ model, version }, unattended)).rejects.toEqual(code('missingBytes'));
  });

  it('of the list of its files stops nothing else, and is mended when it is recorded', async () => {
    const { version } = await recorded(await open(), 1);
    damageContent(store(), version);
    const trail = await reopened();
    expect((await trail.usage(unattended)).models).toMatchObject([{ model }]);
    expect(await trail.pack(unattended)).toMatchObject({ waiting: 0 });
    const forgetting = trail.forget([{ model, version }], unattended);
    await expect(forgetting).rejects.toEqual(code('damaged'));
    await expect(trail.collectGarbage(unattended)).rejects.toThrow(/bert v1 is damaged.*verify --repair/);
    await trail.record({ model }, unattended);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    const { versions } = await trail.versions(model, { offset: 0, limit: 9 });
    expect(versions.map(({ forgotten }) => forgotten)).toEqual([undefined]);
  });

  it('of the list of what was forgotten does not stop other space from being freed', async () => {
    const first = await open();
    const lost = await recorded(first, 1);
    const next = await recorded(first, 2);
    await recorded(first, 3);
    await first.forget([{ model, version: lost.version }], unattended);
    damageContent(store(), lost.version);
    const trail = await reopened();
    await trail.forget([{ model, version: next.version }], unattended);
    await trail.collectGarbage(unattended);
    expect(existsSync(recipeFile(store(), next.head))).toBe(false);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('of the list of its files on another branch stops nothing, and the list stays', async () => {
    workspace.write('.gitignore', '*.safetensors\nconfig.json\n');
    workspace.commit('first');
    workspace.git('checkout', '--quiet', '-b', 'other');
    const { version } = await recorded(await open(), 1);
    workspace.commit('second');
    workspace.git('checkout', '--quiet', 'main');
    write('net.safetensors', net(randomBytes(mebibyte)));
    const { version: file } = await (await open()).record({ model: 'net.safetensors' }, unattended);
    damageContent(store(), version);
    const trail = await reopened();
    const target = { model: 'net.safetensors', version: file.id };
    expect((await trail.forget([target], unattended)).bytes).toBeGreaterThan(mebibyte);
    expect(await trail.collectGarbage(unattended)).toMatchObject({ heldBy: [] });
    expect(existsSync(recipeFile(store(), file.id))).toBe(false);
    expect(existsSync(recipeFile(store(), version))).toBe(true);
  });

  it('of the list of its files leaves as it was what could not be forgotten because of it', async () => {
    const { version } = await recorded(await open(), 1);
    write('net.safetensors', net(randomBytes(mebibyte)));
    const { version: file } = await (await open()).record({ model: 'net.safetensors' }, unattended);
    damageContent(store(), version);
    const trail = await reopened();
    const target = { model: 'net.safetensors', version: file.id };
    await expect(trail.forget([target], unattended)).rejects.toEqual(code('damaged'));
    expect((await trail.resolve('net.safetensors@v1')).version?.forgotten).toBeUndefined();
  });
});
