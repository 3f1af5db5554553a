import { chownSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { Git } from '../../src/history/git.ts';
import { readTips } from '../../src/history/tips.ts';
import { emptyCache, find, gitIn, scan, temporaryFolder, TestRepo } from './historyRepo.ts';

afterEach(() => vi.unstubAllEnvs());

async function tips(repo: TestRepo): Promise<readonly string[]> {
  return (await readTips(await find(repo.folder), unattended.signal)).commits;
}

describe('finding the repository of a folder', () => {
  it('finds the top of the working tree from a folder below it, through a link', async () => {
    const repo = new TestRepo();
    mkdirSync(join(repo.folder, 'ml', 'models'), { recursive: true });
    const link = join(temporaryFolder(), 'link');
    symlinkSync(join(repo.folder, 'ml', 'models'), link);
    const git = await find(link);
    expect(git.topLevel).toBe(repo.folder);
    expect(git.commonDir).toBe(join(repo.folder, '.git'));
    expect(await git.prefix(link)).toBe('ml/models/');
    expect(await git.prefix(repo.folder)).toBe('');
    expect(git.shallow).toBe(false);
  });

  it('finds none outside a repository, in a bare one, and inside the Git folder', async () => {
    const repo = new TestRepo();
    const bare = temporaryFolder();
    gitIn(bare, 'init', '--quiet', '--bare');
    expect(await Git.find(temporaryFolder())).toBeUndefined();
    expect(await Git.find(bare)).toBeUndefined();
    expect(await Git.find(join(repo.folder, '.git'))).toBeUndefined();
  });

  it('says how to install Git when the program is missing', async () => {
    const folder = temporaryFolder();
    const error = await Git.find(folder, '/nowhere/git').catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'io', message: expect.stringContaining('/nowhere/git') });
    expect(error).toMatchObject({ message: expect.stringContaining('Install Git') });
  });

  it('says so when the folder is missing', async () => {
    await expect(Git.find('/nowhere/at/all')).rejects.toMatchObject({ code: 'notFound' });
  });

  it.runIf(process.getuid?.() === 0)('says what to run when the folder belongs to someone else', async () => {
    const repo = new TestRepo();
    chownSync(repo.folder, 12_345, 12_345);
    chownSync(join(repo.folder, '.git'), 12_345, 12_345);
    await expect(Git.find(repo.folder)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(`--add safe.directory "${repo.folder}"`),
    });
  });

  it('is not led astray by the variables of a Git hook or of the shell', async () => {
    const repo = new TestRepo();
    const other = new TestRepo();
    vi.stubEnv('GIT_DIR', join(other.folder, '.git'));
    vi.stubEnv('PAGER', 'false');
    vi.stubEnv('EDITOR', 'false');
    expect((await find(repo.folder)).topLevel).toBe(repo.folder);
  });

  it('works in a worktree and in a submodule', async () => {
    const repo = new TestRepo();
    const commit = repo.put('a.onnx', 'one');
    const tree = join(temporaryFolder(), 'tree');
    repo.git('worktree', 'add', '--quiet', '-b', 'side', tree);
    const worktree = await find(tree);
    expect(worktree.topLevel).toBe(tree);
    expect(worktree.commonDir).toBe(join(repo.folder, '.git'));
    expect(worktree.gitDir).not.toBe(worktree.commonDir);
    expect(await worktree.state()).toMatchObject({ commit, branch: 'side', dirty: false });

    const outer = new TestRepo();
    outer.git('submodule', '--quiet', 'add', repo.folder, 'sub');
    const submodule = await find(join(outer.folder, 'sub'));
    expect(submodule.topLevel).toBe(join(outer.folder, 'sub'));
    expect(submodule.commonDir).toBe(join(outer.folder, '.git', 'modules', 'sub'));
  });
});

describe('the state of the working tree', () => {
  it('has a branch but no commit at first, and a commit but no branch when HEAD is detached', async () => {
    const repo = new TestRepo();
    const git = await find(repo.folder);
    expect(await git.state()).toMatchObject({ commit: undefined, branch: 'main', dirty: false });
    expect(await tips(repo)).toEqual([]);
    const commit = repo.put('a.onnx', 'one');
    expect(await git.state()).toMatchObject({ commit, branch: 'main', dirty: false });
    repo.git('checkout', '--quiet', '--detach');
    expect(await git.state()).toMatchObject({ commit, branch: undefined, dirty: false });
  });

  it('is dirty when a tracked file changed, staged or not, and not for a new file', async () => {
    const repo = new TestRepo();
    repo.put('a.txt', 'one');
    const git = await find(repo.folder);
    expect(await git.state()).toMatchObject({ dirty: false });
    repo.write('new.txt', 'new');
    expect(await git.state()).toMatchObject({ dirty: false });
    repo.git('add', 'new.txt');
    expect(await git.state()).toMatchObject({ dirty: true });
    repo.commit('New');
    repo.write('a.txt', 'two');
    expect(await git.state()).toMatchObject({ dirty: true });
  });

  it('has the tips of all branches and of a detached HEAD', async () => {
    const repo = new TestRepo();
    const first = repo.put('a.onnx', 'one');
    repo.git('branch', 'same');
    repo.git('checkout', '--quiet', '-b', 'side');
    const side = repo.put('a.onnx', 'two');
    repo.git('checkout', '--quiet', '--detach', 'main');
    const detached = repo.put('a.onnx', 'three');
    expect(await tips(repo)).toEqual([first, side, detached].sort());
  });

  it('takes the author from where Git would: the environment, then its settings', async () => {
    const repo = new TestRepo();
    repo.git('config', 'author.name', 'Ada at work');
    expect((await find(repo.folder)).author).toEqual({ name: 'Ada at work', email: 'ada@example.org' });
    vi.stubEnv('GIT_AUTHOR_NAME', 'CI Bot');
    vi.stubEnv('GIT_AUTHOR_EMAIL', 'ci@example.org');
    const { author } = await find(repo.folder);
    vi.unstubAllEnvs();
    expect(author).toEqual({ name: 'CI Bot', email: 'ci@example.org' });
  });

  it("knows the author, and falls back to the system's user", async () => {
    const repo = new TestRepo();
    expect((await find(repo.folder)).author).toEqual({ name: 'Ada Lovelace', email: 'ada@example.org' });
    repo.git('config', '--unset', 'user.name');
    repo.git('config', '--unset', 'user.email');
    vi.stubEnv('HOME', temporaryFolder());
    vi.stubEnv('XDG_CONFIG_HOME', temporaryFolder());
    expect((await find(repo.folder)).author.name).toBe(userInfo().username);
  });

  it('runs no program that the repository names', async () => {
    const repo = new TestRepo();
    const witness = join(temporaryFolder(), 'ran');
    const run = `touch '${witness}'; cat`;
    repo.put('a.onnx', 'one');
    repo.put('.gitattributes', '*.onnx filter=lfs diff=evil\n');
    for (const key of [
      'core.fsmonitor',
      'filter.lfs.clean',
      'filter.lfs.process',
      'diff.evil.textconv',
      'diff.external',
    ])
      repo.git('config', key, run);
    repo.write('a.onnx', 'two');
    const git = await find(repo.folder);
    expect(await git.state()).toMatchObject({ dirty: true });
    await scan(git, await emptyCache());
    expect(existsSync(witness)).toBe(false);
  });
});

describe('revisions and blobs', () => {
  it('resolves what means a commit, and nothing else', async () => {
    const repo = new TestRepo();
    const first = repo.put('a.onnx', 'one');
    const second = repo.put('a.onnx', 'two');
    repo.git('tag', '-a', '-m', 'annotated', 'v1.0', first);
    const git = await find(repo.folder);
    expect(await git.resolveRevision('HEAD~1')).toBe(first);
    expect(await git.resolveRevision('v1.0')).toBe(first);
    expect(await git.resolveRevision('main')).toBe(second);
    expect(await git.resolveRevision(second.slice(0, 8))).toBe(second);
    const not = [
      '',
      '--all',
      '-h',
      '--git-dir',
      'nothing',
      'HEAD:a.onnx',
      '^main',
      'HEAD~1..HEAD',
      'a b',
      'a\0b',
    ];
    for (const revision of not) {
      expect(await git.resolveRevision(revision), JSON.stringify(revision)).toBeUndefined();
    }
  });

  it('finds the blob at a path, however the path is written', async () => {
    const repo = new TestRepo();
    const paths = ['a b.onnx', '-x.onnx', `q"'.onnx`, 'é🤖/[m]*.onnx', 'new\nline.onnx', ':(top)x.onnx'];
    for (const path of paths) repo.write(path, path);
    const commit = repo.commit('All');
    const git = await find(repo.folder);
    for (const path of paths) {
      const expected = repo.git('rev-parse', `${commit}:${path}`);
      expect(await git.blobAt(commit, path), path).toBe(expected);
    }
    expect(await git.blobAt(commit, 'nothing.onnx')).toBeUndefined();
    // A folder may be a model: its tree.
    expect(await git.blobAt(commit, 'é🤖')).toMatch(/^[0-9a-f]{40}\/$/);
    expect(await git.blobAt('--all', 'a b.onnx')).toBeUndefined();
  });
});
