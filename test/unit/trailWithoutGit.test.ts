import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { age, code, elsewhere, model, open, record, store, workspace } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

describe('while Git does not answer', () => {
  async function recordsIn(folder: string): Promise<void> {
    const before = await open({ folder });
    const content = Buffer.from(safetensors(50_000));
    writeFileSync(path.join(folder, model), content);
    const { version } = await before.record({ model }, unattended);
    vi.stubEnv('PATH', '');
    const without = await open({ folder });
    expect((await without.info()).git).toBe('missingProgram');
    writeFileSync(path.join(folder, model), safetensors(50_000));
    await without.record({ model }, unattended);
    vi.unstubAllEnvs();
    expect(existsSync(path.join(folder, '.modeltrail/store'))).toBe(false);
    const after = await open({ folder });
    await after.rollback({ model, version: version.id }, unattended);
    expect(readFileSync(path.join(folder, model))).toEqual(content);
    expect(await after.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  }

  it('the store stays where it is', async () => {
    await recordsIn(workspace.folder);
    expect(readdirSync(store())).not.toContain('.gitignore');
  });

  it('so does that of a worktree, which all worktrees share', async () => {
    workspace.write('README.md', 'models');
    workspace.commit('first');
    const worktree = path.join(elsewhere.folder, 'worktree');
    workspace.git('worktree', 'add', '--quiet', worktree);
    await recordsIn(worktree);
    expect(existsSync(path.join(store(), 'packs'))).toBe(true);
  });

  it('nothing is given up that another branch may have recorded', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    const id = await record(await open());
    workspace.commit('first');
    workspace.git('checkout', '--quiet', '-b', 'other');
    cpSync(path.join(workspace.folder, model), path.join(workspace.folder, 'best.safetensors'));
    await (await open()).record({ model: 'best.safetensors' }, unattended);
    workspace.commit('second');
    workspace.git('checkout', '--quiet', 'main');
    vi.stubEnv('PATH', '');
    const without = await open();
    const refusal = { code: 'refused', message: expect.stringMatching(/other branches.*Install Git/) };
    const target = { model, version: id };
    await expect(without.forget([target], unattended)).rejects.toMatchObject(refusal);
    age();
    await expect(without.collectGarbage(unattended)).rejects.toMatchObject(refusal);
    expect((await without.resolve(`${model}@v1`)).version?.forgotten).toBeUndefined();
    vi.unstubAllEnvs();
    // What was pulled may say that it is forgotten.
    await (await open()).forget([target], unattended);
    vi.stubEnv('PATH', '');
    await expect((await open()).collectGarbage(unattended)).rejects.toMatchObject(refusal);
    vi.unstubAllEnvs();
    workspace.git('checkout', '--quiet', 'other');
    expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('nothing is given up while the repository is damaged, and all can be where there is none', async () => {
    const { folder } = elsewhere;
    vi.stubEnv('PATH', '');
    const trail = await open({ folder });
    const id = await record(trail, undefined, model, elsewhere);
    const target = { model, version: id };
    mkdirSync(path.join(folder, '.git'));
    await expect(trail.forget([target], unattended)).rejects.toEqual(code('refused'));
    vi.unstubAllEnvs();
    await expect((await open({ folder })).collectGarbage(unattended)).rejects.toThrow(/\.git is damaged/);
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    await expect(trail.forget([target], unattended)).rejects.toThrow(/open .* again/);
    vi.stubEnv('PATH', '');
    rmSync(path.join(folder, '.git'), { recursive: true });
    expect((await trail.forget([target], unattended)).bytes).toBeGreaterThan(50_000);
    age(path.join(folder, '.modeltrail/store'));
    expect(await trail.collectGarbage(unattended)).toMatchObject({ removed: 1 });
    vi.unstubAllEnvs();
  });
});
