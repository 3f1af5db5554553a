import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { recipeFile } from '../support/damage.ts';
import * as directory from '../support/modelDirectory.ts';
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
import { makeWorkspace, safetensors, sha256 } from '../support/workspace.ts';

describe('a store that several trails use', () => {
  it.each([
    ['file', model],
    ['directory', directory.model],
  ])('gives up no %s that another worktree recorded without reading it', async (_kind, name) => {
    const trail = await open();
    const make = () => (name === model ? train() : directory.train(1));
    make();
    const { version: first } = await trail.record({ model: name }, unattended);
    make();
    await trail.record({ model: name }, unattended);
    workspace.git('add', '.modeltrail');
    workspace.git('commit', '--quiet', '--message', 'journal');
    const tree = path.join(elsewhere.folder, 'tree');
    workspace.git('worktree', 'add', '--quiet', tree);
    const other = await open({ folder: tree });
    // It was put there by a rollback, so it is known what it is.
    await other.rollback({ model: name, version: first.id }, unattended);
    await other.record({ model: name, message: 'the one that I use' }, unattended);
    await trail.forget([{ model: name, version: first.id }], unattended);
    age();
    await trail.collectGarbage(unattended);
    expect(await other.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  });

  it.each([
    ['is not there, as on a disk that is not connected', () => {}],
    // As root, a test is let into every folder; a link to itself leads nowhere for root too.
    ['cannot be entered', (tree: string) => symlinkSync(tree, tree)],
    ['is empty, as what a disk is mounted on', (tree: string) => mkdirSync(tree)],
  ])('gives up nothing while a worktree %s', async (_what, leave) => {
    const { trail, other, tree, id } = await recordedInWorktrees();
    renameSync(tree, `${tree}.away`);
    leave(tree);
    await trail.forget([{ model, version: id }], unattended);
    age();
    await trail.collectGarbage(unattended);
    rmSync(tree, { recursive: true, force: true });
    renameSync(`${tree}.away`, tree);
    expect(await other.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('gives up nothing that a clone has recorded on a branch which it has not checked out', async () => {
    const storePath = path.join(elsewhere.folder, 'store');
    const clone = makeWorkspace();
    try {
      const content = safetensors(50_000);
      const other = await open({ folder: clone.folder, storePath });
      train(content, model, clone);
      await other.record({ model }, unattended);
      clone.write('.gitignore', '*.safetensors\n');
      clone.commit('a journal');
      clone.git('checkout', '--quiet', '-b', 'feature');
      train(safetensors(50_000), 'best.safetensors', clone);
      const { version } = await other.record({ model: 'best.safetensors' }, unattended);
      clone.commit('the best');
      clone.git('checkout', '--quiet', 'main');

      const trail = await open({ storePath });
      train(clone.read('best.safetensors'));
      await trail.record({ model }, unattended);
      const target = { model, version: version.id };
      expect(await trail.planForget([target], unattended)).toMatchObject({ bytes: 0 });
      expect(await trail.forget([target], unattended)).toMatchObject({ bytes: 0 });
      await trail.collectGarbage(unattended);
      expect(existsSync(recipeFile(storePath, version.id))).toBe(true);
      // Once the branch cannot be read, nobody knows what else there is.
      const tip = clone.git('rev-parse', 'feature');
      clone.write('.git/refs/heads/feature', '');
      const { heldBy } = await trail.collectGarbage(unattended);
      expect(heldBy).toMatchObject([{ message: expect.stringContaining(clone.folder) }]);
      clone.write('.git/refs/heads/feature', `${tip}\n`);
      clone.git('branch', '--quiet', '-D', 'feature');
      // The clone may want back what was only there.
      await trail.collectGarbage(unattended);
      expect(existsSync(recipeFile(storePath, version.id))).toBe(true);
      const { names } = (await other.lostEntries(unattended))!;
      await other.letGo(names, unattended);
      expect(await trail.collectGarbage(unattended)).toMatchObject({ heldBy: [] });
      expect(existsSync(recipeFile(storePath, version.id))).toBe(false);
    } finally {
      await Promise.all(trails.splice(0).map((each) => each.close()));
      clone.remove();
    }
  });

  it('gives up nothing that a clone has recorded by itself on two branches, and given up on one', async () => {
    const storePath = path.join(elsewhere.folder, 'store');
    const clone = makeWorkspace();
    try {
      const content = safetensors(50_000);
      clone.write('.gitignore', '*.safetensors\n');
      clone.commit('nothing yet');
      const other = await open({ folder: clone.folder, storePath });
      clone.git('checkout', '--quiet', '-b', 'feature');
      const version = await record(other, content, model, clone);
      clone.commit('a feature');
      clone.git('checkout', '--quiet', 'main');
      await record(other, content, model, clone);
      await other.forget([{ model, version }], unattended);

      const trail = await open({ storePath });
      await record(trail, content);
      expect(await trail.forget([{ model, version }], unattended)).toMatchObject({ bytes: 0 });
      await trail.collectGarbage(unattended);
      expect(existsSync(recipeFile(storePath, version))).toBe(true);
    } finally {
      await Promise.all(trails.splice(0).map((each) => each.close()));
      clone.remove();
    }
  });

  it('frees its own store also where the machine was named anew, as a container is', async () => {
    const trail = await open();
    const first = await record(trail);
    await record(trail);
    const users = path.join(store(), 'users');
    const [name = ''] = readdirSync(users);
    const user = JSON.parse(readFileSync(path.join(users, name), 'utf8')) as object;
    rmSync(path.join(users, name));
    const entry = path.join(users, '0123456789abcdef.json');
    const named = (change: object): void =>
      writeFileSync(entry, JSON.stringify({ ...user, host: 'before', ...change }));
    // Another machine's is not its own.
    named({ storeFolder: path.join(elsewhere.folder, 'store') });
    expect(await trail.planForget([{ model, version: first }], unattended)).toMatchObject({ bytes: 0 });
    const message = expect.stringContaining(`${workspace.folder} (before)`);
    expect((await trail.collectGarbage(unattended)).heldBy).toMatchObject([{ path: entry, message }]);
    named({});
    expect((await trail.forget([{ model, version: first }], unattended)).bytes).toBeGreaterThan(50_000);
    age();
    expect(await trail.collectGarbage(unattended)).toMatchObject({ removed: 1, heldBy: [] });
  });
});

describe('what another trail of the repository has recorded', () => {
  const one = (): string => path.join(workspace.folder, 'one');
  const two = (): string => path.join(workspace.folder, 'two');

  /** Both record the same content; the second trail is on a branch of its own. @returns the content */
  async function recordTwice(): Promise<string> {
    const content = safetensors(50_000);
    workspace.write('.gitignore', '*.safetensors\n');
    workspace.write('one/.modeltrail/config.yaml', '');
    train(content, `one/${model}`);
    const { version } = await (await open({ folder: one() })).record({ model }, unattended);
    workspace.commit('one');
    workspace.git('checkout', '--quiet', '-b', 'other');
    workspace.write('two/.modeltrail/config.yaml', '');
    train(content, `two/${model}`);
    await (await open({ folder: two() })).record({ model }, unattended);
    workspace.commit('two');
    return version.id;
  }

  async function forgetInOne(id: string) {
    const trail = await open({ folder: one() });
    await trail.forget([{ model, version: id }], unattended);
    age();
    await trail.collectGarbage(unattended);
    return trail;
  }

  it('stays while Git has its folder on another branch, and goes when that is forgotten', async () => {
    const id = await recordTwice();
    workspace.git('checkout', '--quiet', 'main');
    rmSync(two(), { recursive: true });
    const trail = await forgetInOne(id);
    expect(existsSync(recipeFile(store(), id))).toBe(true);
    workspace.git('stash', '--quiet', '--include-untracked');
    workspace.git('checkout', '--quiet', 'other');
    const other = await open({ folder: two() });
    expect(await other.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    await other.forget([{ model, version: id }], unattended);
    workspace.commit('forgotten in two');
    workspace.git('stash', 'pop', '--quiet');
    expect(await trail.collectGarbage(unattended)).toMatchObject({ heldBy: [] });
    expect(existsSync(recipeFile(store(), id))).toBe(false);
  });

  it('stays when it was in a worktree that is gone', async () => {
    const id = await recordTwice();
    workspace.git('checkout', '--quiet', 'main');
    rmSync(two(), { recursive: true });
    rmSync(path.join(store(), 'users'), { recursive: true });
    const tree = path.join(elsewhere.folder, 'tree');
    workspace.git('worktree', 'add', '--quiet', tree, 'other');
    train(workspace.read(`one/${model}`), `tree/two/${model}`, elsewhere);
    await (await open({ folder: path.join(tree, 'two') })).record({ model }, unattended);
    workspace.git('worktree', 'remove', '--force', tree);
    await forgetInOne(id);
    expect(existsSync(recipeFile(store(), id))).toBe(true);
  });

  it('stays, as all does, while its folder is not where the branch has it', async () => {
    const id = await recordTwice();
    const content = safetensors(50_000);
    for (const name of ['one', 'two']) {
      train(content, `${name}/${model}`);
      await (await open({ folder: path.join(workspace.folder, name) })).record({ model }, unattended);
    }
    const away = path.join(workspace.folder, 'renamed');
    renameSync(two(), away);
    const trail = await forgetInOne(sha256(content));
    const { heldBy } = await trail.collectGarbage(unattended);
    expect(heldBy).toMatchObject([{ message: expect.stringContaining(two()) }]);
    expect(await (await open({ folder: away })).verify({}, unattended)).toMatchObject({
      checked: 2,
      problems: [],
    });
    expect(existsSync(recipeFile(store(), id))).toBe(true);
  });
});
