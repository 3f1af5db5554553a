import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { age, elsewhere, model, open, trails, train, workspace } from '../support/trails.ts';
import { makeWorkspace, safetensors } from '../support/workspace.ts';

const storePath = (): string => path.join(elsewhere.folder, 'store');
const users = (): string => path.join(storePath(), 'users');
const moved = (): string => path.join(elsewhere.folder, 'moved');

/** A clone and the workspace record the same; then the clone is moved, and a fresh one is at its path. */
async function moveClone(use: (clone: string, id: string) => Promise<void>): Promise<void> {
  const clone = makeWorkspace();
  const content = safetensors(50_000);
  try {
    train(content, model, clone);
    const before = await open({ folder: clone.folder, storePath: storePath() });
    const { version } = await before.record({ model }, unattended);
    await trails.pop()?.close();
    renameSync(clone.folder, moved());
    rmSync(path.join(moved(), model));
    clone.write('README.md', 'fresh');
    train(content);
    await (await open({ storePath: storePath() })).record({ model }, unattended);
    await use(clone.folder, version.id);
  } finally {
    await Promise.all(trails.splice(0).map((trail) => trail.close()));
    clone.remove();
  }
}

async function recordAt(folder: string): Promise<void> {
  writeFileSync(path.join(folder, 'other.safetensors'), safetensors());
  const trail = await open({ folder, storePath: storePath() });
  await trail.record({ model: 'other.safetensors' }, unattended);
}

describe('a clone that was moved, and another that took its path', () => {
  it('gives up nothing that the moved one has recorded, and says what to do', async () => {
    await moveClone(async (clone, id) => {
      await recordAt(clone);
      rmSync(path.join(workspace.folder, model));
      const [trail] = trails;
      await trail?.forget([{ model, version: id }], unattended);
      age(storePath());
      const garbage = await trail?.collectGarbage(unattended);
      const [held] = garbage?.heldBy ?? [];
      expect(held?.message).toContain(`${clone} holds another trail now`);
      const there = await open({ folder: moved(), storePath: storePath() });
      expect(await there.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
      // It is done as it was said.
      await recordAt(moved());
      rmSync(held?.path ?? '');
      expect(await trail?.collectGarbage(unattended)).toMatchObject({ heldBy: [] });
      await there.refresh(unattended);
      expect(await there.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    });
  });

  it('leaves the store of the moved one where it is when the fresh one moves its own', async () => {
    await moveClone(async (clone) => {
      await trails.pop()?.close();
      for (const name of readdirSync(users())) {
        const text = readFileSync(path.join(users(), name), 'utf8');
        if (text.includes(workspace.folder)) rmSync(path.join(users(), name));
      }
      await recordAt(clone);
      const folder = path.join(elsewhere.folder, 'new');
      await trails[0]?.moveStore(folder, unattended);
      await trails.pop()?.close();
      const fresh = await open({ folder: clone, storePath: folder });
      await fresh.moveStore(folder, unattended);
      expect(existsSync(path.join(storePath(), 'packs'))).toBe(true);
      const there = await open({ folder: moved(), storePath: storePath() });
      expect(await there.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    });
  });
});
