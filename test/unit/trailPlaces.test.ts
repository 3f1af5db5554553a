import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { TrailInfo } from '../../src/trail/api/models.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { makeWorkspace, safetensors, sha256, type Workspace } from '../support/workspace.ts';

const model = 'model.safetensors';

let workspace: Workspace;

beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(() => workspace.remove());

/** Records, rolls back and undoes in a folder, as a user would wherever the folder happens to be. */
async function workIn(folder: string): Promise<{ info: TrailInfo; commits: number; journal: boolean }> {
  const trail = await openTrail(folder, defaultSettings);
  try {
    await trail.refresh(unattended);
    const { versions } = await trail.versions(model, { offset: 0, limit: 100 });
    const file = path.join(folder, model);
    const train = (): string => {
      const content = safetensors();
      const id = workspace.write(path.relative(workspace.folder, file), content);
      utimesSync(file, new Date(Date.now() - 60_000), new Date(Date.now() - Math.random() * 50_000 - 10_000));
      return id;
    };
    const first = train();
    await trail.record({ model }, unattended);
    const second = train();
    const { factId } = await trail.rollback({ model, version: first }, unattended);
    expect(read(file)).toBe(first);
    await trail.undo(factId, unattended);
    expect(read(file)).toBe(second);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    const journal = existsSync(path.join(folder, '.modeltrail/journal'));
    return { info: await trail.info(), commits: versions.length, journal };
  } finally {
    await trail.close();
  }
}

function read(file: string): string {
  return sha256(workspace.read(path.relative(workspace.folder, file)));
}

function commits(count: number): void {
  for (let index = 0; index < count; index++) {
    workspace.write(model, safetensors(64 + index));
    workspace.commit(`version ${index + 1}`);
  }
}

describe('every kind of repository', () => {
  it('without commits', async () => {
    expect(await workIn(workspace.folder)).toMatchObject({
      info: { git: 'found', problems: [] },
      commits: 0,
    });
  });

  it('with a detached HEAD', async () => {
    commits(2);
    workspace.git('checkout', '--quiet', '--detach');
    expect(await workIn(workspace.folder)).toMatchObject({ info: { git: 'found' }, commits: 2 });
  });

  it('a shallow clone, which says so', async () => {
    commits(3);
    const clone = path.join(workspace.folder, 'clone');
    workspace.git('clone', '--quiet', '--depth', '1', `file://${workspace.folder}`, clone);
    expect(await workIn(clone)).toMatchObject({ info: { shallow: true }, commits: 1 });
  });

  it('a worktree, which shares the store', async () => {
    commits(2);
    const tree = path.join(workspace.folder, 'tree');
    workspace.git('worktree', 'add', '--quiet', tree);
    expect(await workIn(tree)).toMatchObject({ info: { git: 'found' }, commits: 2, journal: true });
    expect(existsSync(path.join(workspace.folder, '.git/modeltrail/numbers'))).toBe(true);
  });

  it('a submodule', async () => {
    commits(1);
    const outer = makeWorkspace();
    try {
      outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', workspace.folder, 'sub');
      const inner = workspace;
      workspace = outer;
      expect(await workIn(path.join(outer.folder, 'sub'))).toMatchObject({
        info: { git: 'found' },
        commits: 1,
      });
      workspace = inner;
    } finally {
      outer.remove();
    }
  });

  it('one inside of another trail, of which it is no part', async () => {
    commits(2);
    const inner = path.join(workspace.folder, 'inner');
    workspace.git('clone', '--quiet', workspace.folder, inner);
    mkdirSync(path.join(workspace.folder, '.modeltrail'));
    expect(await workIn(inner)).toMatchObject({
      info: { root: inner, git: 'found' },
      commits: 2,
      journal: true,
    });
  });

  it('a folder inside of one: the trail is at its top', async () => {
    mkdirSync(path.join(workspace.folder, 'deep/er'), { recursive: true });
    const trail = await openTrail(path.join(workspace.folder, 'deep/er'), defaultSettings);
    expect(trail.root).toBe(workspace.folder);
    await trail.close();
  });

  it('one whose path has a newline in it', async () => {
    const odd = path.join(workspace.folder, 'two\nlines');
    workspace.git('init', '--quiet', odd);
    workspace.write(`two\nlines/${model}`, safetensors());
    workspace.git('-C', odd, 'add', '.');
    workspace.git(
      '-C',
      odd,
      '-c',
      'user.name=Ada',
      '-c',
      'user.email=@',
      'commit',
      '--quiet',
      '--message',
      '1',
    );
    expect(await workIn(odd)).toMatchObject({ info: { root: odd, git: 'found', problems: [] }, commits: 1 });
    // The store is with Git's own files.
    expect(existsSync(path.join(odd, '.git/modeltrail/numbers'))).toBe(true);
  });

  it('one with a broken branch, saying so', async () => {
    commits(2);
    workspace.write('.git/refs/heads/broken', '');
    const { info, commits: shown } = await workIn(workspace.folder);
    expect(shown).toBe(2);
    expect(info.problems).toEqual([
      { path: workspace.folder, message: expect.stringContaining('refs/heads/broken') },
    ]);
  });

  it('a partial clone, saying how many versions are not there until they are fetched', async () => {
    commits(3);
    workspace.git('config', 'uploadpack.allowFilter', 'true');
    const clone = path.join(workspace.folder, 'clone');
    workspace.git('clone', '--quiet', '--filter=blob:none', `file://${workspace.folder}`, clone);
    const partial = await workIn(clone);
    expect(partial.commits).toBe(1);
    expect(partial.info.problems).toEqual([
      { path: clone, message: expect.stringMatching(/^2 versions .* git fetch --refetch --no-filter$/) },
    ]);
    workspace.git('-C', clone, 'fetch', '--quiet', '--refetch', '--no-filter');
    const trail = await openTrail(clone, defaultSettings);
    await trail.refresh(unattended);
    // And the two that were recorded.
    expect((await trail.versions(model, { offset: 0, limit: 100 })).total).toBe(5);
    expect((await trail.info()).problems).toEqual([]);
    await trail.close();
  });

  it('one whose history is damaged, saying so', async () => {
    commits(2);
    const first = workspace.git('rev-parse', 'HEAD~1');
    rmSync(path.join(workspace.folder, '.git/objects', first.slice(0, 2), first.slice(2)));
    const { info } = await workIn(workspace.folder);
    expect(info.problems).toEqual([
      {
        path: workspace.folder,
        message: expect.stringMatching(/^Versions in the Git history may be missing/),
      },
    ]);
  });

  it('one that Git cannot read, saying why', async () => {
    workspace.write('.git/config', '[core\n');
    const { info, commits } = await workIn(workspace.folder);
    expect(info.git).toBe('refused');
    expect(info.problems).toEqual([
      { path: workspace.folder, message: expect.stringMatching(/^Git said: .*config/s) },
    ]);
    expect(commits).toBe(0);
  });

  it('a folder with a trail of its own inside of one', async () => {
    const own = path.join(workspace.folder, 'team');
    mkdirSync(path.join(own, '.modeltrail'), { recursive: true });
    workspace.write(`team/${model}`, safetensors());
    workspace.commit('in a folder');
    expect(await workIn(own)).toMatchObject({ info: { root: own, git: 'found' }, commits: 1, journal: true });
  });
});

it('shows a broken link as what it is, and works with the rest', async () => {
  symlinkSync('nowhere.safetensors', path.join(workspace.folder, 'broken.safetensors'));
  await workIn(workspace.folder);
  const trail = await openTrail(workspace.folder, defaultSettings);
  const rows = await trail.models();
  expect(rows.map(({ path: name, working }) => [name, working.state])).toEqual([
    ['broken.safetensors', 'unreadable'],
    [model, 'same'],
  ]);
  await expect(trail.record({ model: 'broken.safetensors' }, unattended)).rejects.toThrow(
    /broken symbolic link/,
  );
  await trail.close();
});

describe('disks, mounted for the test', () => {
  const mounted: string[] = [];
  beforeEach(() => {
    workspace.remove();
    // Its own trail: no repository around it.
    workspace = makeWorkspace({ git: false });
  });
  const mount = (size: string, { skip }: TestContext): string => {
    const folder = path.join(workspace.folder, 'disk');
    mkdirSync(folder);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'pipe' });
    } catch {
      skip('this machine lets nobody mount a tmpfs');
    }
    mounted.push(folder);
    return folder;
  };
  afterEach(() => {
    for (const folder of mounted.splice(0)) execFileSync('umount', [folder]);
  });

  it('a full disk: a clear refusal, nothing half kept, and the rest works', async (context) => {
    const folder = mount('3m', context);
    workspace.write(`disk/${model}`, safetensors(2_000_000));
    const trail = await openTrail(folder, defaultSettings);
    await expect(trail.record({ model }, unattended)).rejects.toMatchObject({ code: 'io' });
    expect(await trail.models()).toMatchObject([{ path: model, versions: 0 }]);
    workspace.write('disk/small.safetensors', safetensors(1000));
    const { version } = await trail.record({ model: 'small.safetensors' }, unattended);
    expect(version.number).toBe(1);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    await trail.close();
  });

  it('a read-only disk: shows everything, refuses changes', async (context) => {
    const folder = mount('8m', context);
    workspace.write(`disk/${model}`, safetensors());
    const before = await openTrail(folder, defaultSettings);
    await before.record({ model, message: 'while it could be written' }, unattended);
    await before.close();
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    const trail = await openTrail(folder, defaultSettings);
    await trail.refresh(unattended);
    expect(await trail.models()).toMatchObject([{ path: model, versions: 1, working: { state: 'same' } }]);
    const { versions } = await trail.versions(model, { offset: 0, limit: 1 });
    const target = { model, version: versions[0]?.id ?? '' };
    await expect(trail.tag(target, 'champion', false)).rejects.toMatchObject({ code: 'io' });
    await expect(trail.record({ model, message: 'again' }, unattended)).rejects.toMatchObject({ code: 'io' });
    const copying = trail.saveAs(target, path.join(folder, 'new/copy.safetensors'), unattended);
    await expect(copying).rejects.toThrow(/read-only/);
    await trail.close();
  });
});
