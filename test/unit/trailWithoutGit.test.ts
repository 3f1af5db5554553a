import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { elsewhere, model, open, store, workspace } from '../support/trails.ts';
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
});
