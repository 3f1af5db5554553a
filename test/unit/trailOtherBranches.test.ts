import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultKeepRules } from '../../src/core/keepRules.ts';
import { unattended } from '../../src/core/operation.ts';
import { recipeFile } from '../support/damage.ts';
import * as directory from '../support/modelDirectory.ts';
import {
  age,
  elsewhere,
  model,
  open,
  record,
  store,
  train,
  versionsOf,
  workspace,
} from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

describe('what another branch has recorded by itself under the same name', () => {
  const content = safetensors(50_000);

  /** On a branch of its own, which is not checked out after that. */
  async function recordOn(branch: string, start: string): Promise<string> {
    workspace.git('checkout', '--quiet', '-b', branch, start);
    const id = await record(await open(), content);
    workspace.commit(branch);
    workspace.git('checkout', '--quiet', 'main');
    return id;
  }

  async function forgetAndCollect(version: string): Promise<void> {
    const trail = await open();
    await trail.forget([{ model, version }], unattended);
    age();
    await trail.collectGarbage(unattended);
    await trail.collectGarbage(unattended);
  }

  const isKept = (id: string): boolean => existsSync(recipeFile(store(), id));

  it('stays, whoever recorded it first', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    const start = workspace.commit('nothing yet');
    const id = await recordOn('before', start);
    await record(await open(), content);
    workspace.commit('here');
    await recordOn('after', start);
    await forgetAndCollect(id);
    workspace.commit('forgotten');
    for (const branch of ['before', 'after']) {
      workspace.git('checkout', '--quiet', branch);
      train();
      await (await open()).rollback({ model, version: id }, unattended);
      expect(workspace.read(model).equals(content)).toBe(true);
      workspace.commit('rolled back');
    }
  });

  it('stays while one of two branches that did has given it up, and goes when both have', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    const start = workspace.commit('nothing yet');
    const id = await recordOn('one', start);
    await recordOn('two', start);
    await record(await open(), content);
    await forgetAndCollect(id);
    workspace.commit('forgotten');
    for (const branch of ['one', 'two']) {
      expect(isKept(id)).toBe(true);
      workspace.git('checkout', '--quiet', branch);
      await forgetAndCollect(id);
      workspace.commit(`forgotten on ${branch}`);
    }
    expect(isKept(id)).toBe(false);
  });

  it('stays when that is merged, also for the next who collects garbage, and goes when it is given up again', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    const id = await recordOn('other', workspace.commit('nothing yet'));
    await record(await open(), content);
    await forgetAndCollect(id);
    workspace.commit('forgotten');
    workspace.git('merge', '--quiet', '-m', 'merged', 'other');
    expect(await versionsOf(await open())).toMatchObject([{ id, forgotten: undefined }]);
    age();
    for (let times = 0; times < 2; times++) await (await open()).collectGarbage(unattended);
    train();
    await (await open()).rollback({ model, version: id }, unattended);
    await forgetAndCollect(id);
    expect(isKept(id)).toBe(false);
  });

  it('is not missed here when the other did so on another machine', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    workspace.commit('nothing yet');
    const folder = path.join(elsewhere.folder, 'clone');
    workspace.git('clone', '--quiet', workspace.folder, folder);
    writeFileSync(path.join(folder, model), content);
    await (await open({ folder })).record({ model }, unattended);
    const inClone = (...args: string[]): string =>
      workspace.git('-C', folder, '-c', 'user.name=Grace', '-c', 'user.email=grace@example.com', ...args);
    inClone('add', '--all');
    inClone('commit', '--quiet', '--message', 'there');
    const id = await record(await open(), content);
    await forgetAndCollect(id);
    workspace.commit('forgotten');
    workspace.git('pull', '--quiet', '--no-rebase', '--no-edit', folder, 'main');
    const { problems, absent } = await (await open()).verify({}, unattended);
    expect(problems).toEqual([]);
    expect(absent).toMatchObject([{ path: model }]);
  });

  it('goes when it was only known there from here', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    const id = await record(await open(), content);
    workspace.commit('first');
    workspace.git('branch', 'stale');
    await forgetAndCollect(id);
    expect(isKept(id)).toBe(false);
  });
});

describe('what was given up while another branch was checked out', () => {
  it('is not missed where nothing says so, and who asks for it is told', async () => {
    const id = await record(await open());
    workspace.write('.gitignore', '*.safetensors\n');
    workspace.commit('recorded');
    workspace.git('checkout', '--quiet', '-b', 'exp');
    const trail = await open();
    await trail.forget([{ model, version: id }], unattended);
    age();
    await trail.collectGarbage(unattended);
    workspace.commit('forgotten');
    workspace.git('checkout', '--quiet', 'main');
    const here = await open();
    train();
    const givenUp = expect.stringContaining('were given up by Ada Lovelace');
    expect(await here.verify({}, unattended)).toMatchObject({
      problems: [],
      absent: [{ path: model, message: givenUp }],
    });
    await expect(here.rollback({ model, version: id }, unattended)).rejects.toMatchObject({
      message: givenUp,
    });
  });
});

describe('what another branch has recorded under another name', () => {
  /** Records what is there under two names, the second on a branch of its own, and goes back to the first. */
  async function recordOnBranches(first: string, second: string): Promise<string> {
    workspace.write('.gitignore', '*.safetensors\nmodels/\n');
    const { version } = await (await open()).record({ model: first }, unattended);
    workspace.commit('first');
    workspace.git('checkout', '--quiet', '-b', 'other');
    cpSync(path.join(workspace.folder, first), path.join(workspace.folder, second), { recursive: true });
    await (await open()).record({ model: second }, unattended);
    workspace.commit('second');
    workspace.git('checkout', '--quiet', 'main');
    rmSync(path.join(workspace.folder, second), { recursive: true });
    return version.id;
  }

  async function forgetAndCollect(target: { model: string; version: string }): Promise<void> {
    const trail = await open();
    await trail.forget([target], unattended);
    age();
    await trail.collectGarbage(unattended);
  }

  it.each([
    ['a file', model, 'best.safetensors', () => train()],
    ['a directory', directory.model, 'models/best', () => directory.train(1)],
  ])('stays, of %s', async (_kind, first, second, make) => {
    make();
    const id = await recordOnBranches(first, second);
    await forgetAndCollect({ model: first, version: id });
    workspace.git('checkout', '--quiet', 'other');
    const trail = await open();
    await trail.rollback({ model: second, version: id }, unattended);
    expect((await trail.verify({}, unattended)).problems).toEqual([]);
  });

  it('is not promised to become free', async () => {
    train();
    const id = await recordOnBranches(model, 'best.safetensors');
    const targets = [{ model, version: id }];
    const trail = await open();
    expect(await trail.planForget(targets, unattended)).toMatchObject({ bytes: 0 });
    await record(trail);
    const later = await open({ now: () => new Date(Date.now() + 86_400_000) });
    const rules = { ...defaultKeepRules, last: 0, days: 0 };
    const { free, bytes } = await later.planFree(rules, unattended);
    expect(free).toMatchObject([{ version: { id }, bytes: 0 }]);
    expect(bytes).toBe(0);
    expect(await trail.forget(targets, unattended)).toMatchObject({ bytes: 0 });
  });

  it('goes when it was forgotten there too', async () => {
    train();
    const id = await recordOnBranches(model, 'best.safetensors');
    workspace.git('checkout', '--quiet', 'other');
    await forgetAndCollect({ model: 'best.safetensors', version: id });
    workspace.commit('forgotten');
    workspace.git('checkout', '--quiet', 'main');
    expect(readdirSync(path.join(store(), 'packs'))).toHaveLength(1);
    await forgetAndCollect({ model, version: id });
    expect(readdirSync(path.join(store(), 'packs'))).toHaveLength(0);
  });

  it.each([
    ['names no commit', () => workspace.write('.git/refs/heads/lost', `${'12'.repeat(20)}\n`), /lost/],
    ['is empty, as after a crash', () => workspace.write('.git/refs/heads/lost', ''), /lost/],
    [
      'lacks an entry of its journal',
      () => {
        workspace.git('checkout', '--quiet', '-b', 'lost');
        workspace.write('.modeltrail/journal/2026-11/01KAH0000000000000000000AA.json', 'what was it?');
        workspace.commit('lost');
        const blob = workspace.git(
          'rev-parse',
          'lost:.modeltrail/journal/2026-11/01KAH0000000000000000000AA.json',
        );
        workspace.git('checkout', '--quiet', 'main');
        rmSync(path.join(workspace.folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
      },
      /not on this machine/,
    ],
  ])('stays while a branch %s, and that is said', async (_what, spoil, why) => {
    workspace.write('.gitignore', '*.safetensors\n');
    const trail = await open();
    const id = await record(trail);
    await record(trail);
    workspace.commit('first');
    spoil();
    expect(await trail.forget([{ model, version: id }], unattended)).toMatchObject({ bytes: 0 });
    age();
    const { freed, heldBy } = await trail.collectGarbage(unattended);
    expect(freed).toBe(0);
    expect(heldBy).toMatchObject([{ message: expect.stringMatching(why) }]);
    expect(existsSync(recipeFile(store(), id))).toBe(true);
    // Of a branch that is deleted nothing is needed.
    rmSync(path.join(workspace.folder, '.git/refs/heads/lost'));
    await trail.collectGarbage(unattended);
    expect(await trail.collectGarbage(unattended)).toMatchObject({ removed: 1, heldBy: [] });
  });
});
