import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HeldElsewhere, KeepRules } from '../../src/core/keepRules.ts';
import { unattended } from '../../src/core/operation.ts';
import { recipeFile } from '../support/damage.ts';
import {
  age,
  elsewhere,
  model,
  open,
  record,
  recordedInWorktrees,
  store,
  train,
  trails,
  workspace,
} from '../support/trails.ts';
import { makeWorkspace, safetensors } from '../support/workspace.ts';

const rules: KeepRules = { last: 1, days: 0, tagged: true, staged: true, best: true };
const champion = (where: object) => ({ kind: 'taggedElsewhere', name: 'champion', where });
const production = (where: object) => ({ kind: 'stagedElsewhere', name: 'production', where });

/** What a plan says of a version a day later, and what would go. */
async function planned(reasonsOf: string, folder = workspace.folder, within: KeepRules = rules) {
  const trail = await open({ folder, now: () => new Date(Date.now() + 86_400_000) });
  const { keep, free } = await trail.planFree(within, unattended);
  const reasons = keep.find(({ version }) => version.id === reasonsOf)?.reasons;
  return { reasons, free: free.map(({ version }) => version.id) };
}

/** Records three versions, commits what the journal says of them, and works on a branch that it says something of the first on. */
async function onRelease(say: (id: string) => Promise<void>): Promise<string> {
  workspace.write('.gitignore', '*.safetensors\n');
  const trail = await open();
  const id = await record(trail);
  await record(trail);
  workspace.commit('two versions');
  workspace.git('checkout', '--quiet', '-b', 'release');
  await say(id);
  workspace.commit('released');
  workspace.git('checkout', '--quiet', 'main');
  await record(await open());
  return id;
}

const promote = async (id: string): Promise<void> => {
  const trail = await open();
  await trail.stage({ model, version: id }, 'production');
  await trail.tag({ model, version: id }, 'champion', false);
};

describe('freeing space keeps', () => {
  it('what another branch has tagged or in a stage, and says so', async () => {
    const id = await onRelease(promote);
    const { reasons, free } = await planned(id);
    expect(reasons).toEqual([champion({ ref: 'release' }), production({ ref: 'release' })]);
    expect(free).toHaveLength(1);
    // Where tags and stages keep nothing here, they keep nothing there.
    const { free: more } = await planned(id, undefined, { ...rules, tagged: false, staged: false });
    expect(more).toContain(id);
  });

  it.each([
    [
      'a tag of Git',
      'v1.0',
      () => {
        workspace.git('tag', '--annotate', '--message', 'one', 'v1.0', 'release');
        workspace.git('branch', '--quiet', '-D', 'release');
      },
    ],
    [
      'a branch of a remote',
      'origin/release',
      () => {
        workspace.git('update-ref', 'refs/remotes/origin/release', 'release');
        workspace.git('branch', '--quiet', '-D', 'release');
      },
    ],
  ])('what only %s has in a stage', async (_what, ref, move) => {
    const id = await onRelease(promote);
    move();
    expect((await planned(id)).reasons).toContainEqual(production({ ref }));
  });

  it('what was tagged in a stash', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    const trail = await open();
    const id = await record(trail);
    await record(trail);
    workspace.commit('two versions');
    await promote(id);
    workspace.git('stash', '--quiet', '--include-untracked');
    expect((await planned(id)).reasons).toContainEqual(champion({ ref: 'stash' }));
  });

  it('what a branch recorded, and tagged, by itself', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    await record(await open());
    workspace.commit('first');
    const content = safetensors(50_000);
    workspace.git('checkout', '--quiet', '-b', 'other');
    const other = await open();
    const id = await record(other, content);
    await other.tag({ model, version: id }, 'champion', false);
    workspace.commit('the good one');
    workspace.git('checkout', '--quiet', 'main');
    const trail = await open();
    await record(trail, content);
    await record(trail);
    expect((await planned(id)).reasons).toEqual([champion({ ref: 'other' })]);
  });

  it('what a branch has a tag on that was moved here since', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    const trail = await open();
    const id = await record(trail);
    await trail.tag({ model, version: id }, 'champion', false);
    workspace.commit('first');
    workspace.git('branch', 'release');
    const second = await record(trail);
    await trail.tag({ model, version: second }, 'champion', true);
    await record(trail);
    expect((await planned(id)).reasons).toEqual([champion({ ref: 'release' })]);
  });

  it('nothing for the committed state of the branch that is checked out', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    const trail = await open();
    const id = await record(trail);
    await trail.tag({ model, version: id }, 'champion', false);
    workspace.commit('first');
    const second = await record(trail);
    await trail.tag({ model, version: second }, 'champion', true);
    expect((await planned(id)).free).toEqual([id]);
  });

  it('what another worktree has in a stage, or as its file, without having committed it', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    const trail = await open();
    const staged = await record(trail);
    const used = await record(trail);
    await record(trail);
    workspace.commit('three versions');
    await record(trail);
    const folder = path.join(elsewhere.folder, 'tree');
    workspace.git('worktree', 'add', '--quiet', folder);
    const other = await open({ folder });
    await other.stage({ model, version: staged }, 'production');
    await other.rollback({ model, version: used }, unattended);
    expect((await planned(staged)).reasons).toEqual([production({ folder })]);
    expect((await planned(used)).reasons).toEqual([{ kind: 'inUseElsewhere', where: { folder } }]);
    expect((await planned(used)).free).toHaveLength(1);
  });

  it('what the file of another worktree came from, also after that was renamed', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    const trail = await open();
    const used = await record(trail);
    await record(trail);
    workspace.commit('two versions');
    const folder = path.join(elsewhere.folder, 'tree');
    workspace.git('worktree', 'add', '--quiet', folder);
    const other = await open({ folder });
    await other.rollback({ model, version: used }, unattended);
    let from = model;
    for (const to of ['best.safetensors', 'better.safetensors']) {
      renameSync(path.join(folder, from), path.join(folder, to));
      await other.refresh(unattended);
      await other.rename(from, to, unattended);
      from = to;
    }
    expect((await planned(used)).reasons).toEqual([{ kind: 'inUseElsewhere', where: { folder } }]);
  });

  it('what a clone that shares the store has tagged', async () => {
    const storePath = path.join(elsewhere.folder, 'store');
    const clone = makeWorkspace();
    try {
      const content = safetensors(50_000);
      const other = await open({ folder: clone.folder, storePath });
      const id = await record(other, content, model, clone);
      await other.tag({ model, version: id }, 'champion', false);
      const trail = await open({ storePath, now: () => new Date(Date.now() + 86_400_000) });
      await record(trail, content);
      await record(trail);
      const { keep } = await trail.planFree(rules, unattended);
      const kept = keep.find(({ version }) => version.id === id);
      expect(kept?.reasons).toContainEqual(champion({ folder: clone.folder }));
    } finally {
      await Promise.all(trails.splice(0).map((each) => each.close()));
      clone.remove();
    }
  });

  it.each([
    ['a branch', () => workspace.write('.git/refs/heads/lost', `${'12'.repeat(20)}\n`)],
    [
      'a worktree that recorded something',
      () => renameSync(path.join(elsewhere.folder, 'tree'), path.join(elsewhere.folder, 'away')),
    ],
  ])('everything while %s cannot be read', async (_what, spoil) => {
    const { trail, id } = await recordedInWorktrees();
    await record(trail);
    spoil();
    expect(await planned(id)).toEqual({ reasons: [{ kind: 'unknown' }], free: [] });
  });
});

describe('forgetting what is held elsewhere', () => {
  it('is said in its plan, and is possible', async () => {
    const id = await onRelease(promote);
    const trail = await open();
    const plan = await trail.planForget([{ model, version: id }], unattended);
    const reasons: HeldElsewhere[] = [
      { kind: 'taggedElsewhere', name: 'champion', where: { ref: 'release' } },
      { kind: 'stagedElsewhere', name: 'production', where: { ref: 'release' } },
    ];
    expect(plan.heldElsewhere).toMatchObject([{ version: { id }, reasons }]);
    await trail.forget([{ model, version: id }], unattended);
    age();
    await trail.collectGarbage(unattended);
    await trail.collectGarbage(unattended);
    expect(existsSync(recipeFile(store(), id))).toBe(false);
  });

  it('does not say again what is said here', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    const trail = await open();
    const id = await record(trail);
    await promote(id);
    workspace.commit('promoted');
    workspace.git('branch', 'release');
    train();
    const { heldElsewhere } = await (await open()).planForget([{ model, version: id }], unattended);
    expect(heldElsewhere).toEqual([]);
  });
});
