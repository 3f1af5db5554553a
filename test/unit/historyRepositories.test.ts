import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HistoryCache } from '../../src/history/cache.ts';
import { gitVersions } from '../../src/history/lineage.ts';
import {
  countingGit,
  emptyCache,
  find,
  gitIn,
  ids,
  pathsIn,
  patterns,
  scan,
  scanned,
  sha256,
  temporaryFolder,
  TestRepo,
  versionsIn,
} from './historyRepo.ts';

describe('unusual repositories', () => {
  it('has nothing to say before the first commit, and takes it up afterwards', async () => {
    const repo = new TestRepo();
    const cache = await scanned(repo.folder);
    expect(pathsIn(cache.snapshot())).toEqual([]);
    repo.put('a.onnx', 'one');
    await scanned(repo.folder, cache);
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual([sha256('one')]);
  });

  it('reads a shallow clone as far as it goes, and the rest once it is deepened', async () => {
    const origin = new TestRepo();
    for (const content of ['one', 'two', 'three']) origin.put('a.onnx', content);
    const folder = join(temporaryFolder(), 'clone');
    gitIn(origin.folder, 'clone', '--quiet', '--depth', '1', `file://${origin.folder}`, folder);
    expect((await find(folder)).shallow).toBe(true);
    const cache = await scanned(folder);
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual([sha256('three')]);
    gitIn(folder, 'fetch', '--quiet', '--unshallow');
    await scanned(folder, cache);
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual(['three', 'two', 'one'].map(sha256));
  });

  it('reads a detached HEAD, a worktree and a submodule', async () => {
    const repo = new TestRepo();
    repo.put('a.onnx', 'one');
    repo.git('checkout', '--quiet', '--detach');
    repo.put('a.onnx', 'detached');
    expect(ids(await versionsIn(repo.folder, 'a.onnx'))).toEqual(['detached', 'one'].map(sha256));

    const tree = join(temporaryFolder(), 'tree');
    repo.git('worktree', 'add', '--quiet', '-b', 'side', tree, 'main');
    expect(ids(await versionsIn(tree, 'a.onnx'))).toEqual([sha256('one')]);

    const outer = new TestRepo();
    outer.put('a.onnx', 'outer');
    outer.git('submodule', '--quiet', 'add', tree, 'sub');
    outer.commit('Add a submodule');
    expect(ids(await versionsIn(join(outer.folder, 'sub'), 'a.onnx'))).toEqual([sha256('one')]);
    expect(pathsIn((await scanned(outer.folder)).snapshot())).toEqual(['a.onnx']);
  });

  it('does not fetch in a partial clone, and says how much is missing', async () => {
    const origin = new TestRepo();
    for (const content of ['one', 'two']) {
      origin.write('metrics.json', `{"n": ${content.length}}`);
      origin.put('a.onnx', content);
    }
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const folder = join(temporaryFolder(), 'clone');
    gitIn(origin.folder, 'clone', '--quiet', '--filter=blob:none', `file://${origin.folder}`, folder);
    const git = await find(folder);
    expect(git.partial).toBe(true);
    const cache = await emptyCache();
    expect(await scan(git, cache)).toEqual({ missing: 1 });
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual([sha256('two')]);
    const lost = gitIn(folder, 'rev-parse', 'HEAD~1:a.onnx');
    expect(gitIn(folder, 'rev-list', '--objects', '--all', '--missing=print')).toContain(`?${lost}`);
    // The user fetches it; no tip moves.
    gitIn(folder, 'cat-file', '-e', lost);
    expect(await scan(git, cache)).toEqual({ missing: 0 });
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual(['two', 'one'].map(sha256));
  });

  it.each([
    ['empty', ''],
    ['of a commit that was never written', `${'1'.repeat(40)}\n`],
  ])('reads the other branches, and says so, when a crash left one %s', async (_, left) => {
    const repo = new TestRepo();
    repo.put('a.onnx', 'one');
    repo.git('checkout', '--quiet', '-b', 'zebra');
    repo.put('a.onnx', 'two');
    repo.git('checkout', '--quiet', 'main');
    repo.write('.git/refs/heads/broken', left);
    const cache = await emptyCache();
    const git = await find(repo.folder);
    expect(await scan(git, cache)).toEqual({
      missing: 0,
      problem: expect.stringContaining('refs/heads/broken'),
    });
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual(['two', 'one'].map(sha256));

    repo.write('.git/HEAD', 'ref: refs/heads/broken\n');
    await scan(git, cache);
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual(['two', 'one'].map(sha256));

    repo.write('.git/HEAD', 'ref: refs/heads/main\n');
    rmSync(join(repo.folder, '.git/refs/heads/broken'));
    expect(await scan(git, cache)).toEqual({ missing: 0 });
  });

  it('reads a repository with SHA-256 names', async () => {
    const repo = new TestRepo(temporaryFolder(), '--object-format=sha256');
    repo.write('m/metrics.json', '{"f1": 0.1}');
    repo.put('m/a.onnx', 'one');
    const snapshot = (await scanned(repo.folder)).snapshot();
    expect(pathsIn(snapshot)).toEqual(['m/a.onnx']);
    expect(gitVersions(snapshot, 'm/a.onnx')).toMatchObject([{ id: sha256('one'), metrics: { f1: 0.1 } }]);
  });

  it('passes over links, and a folder that is named like a model', async () => {
    const repo = new TestRepo();
    mkdirSync(join(repo.folder, 'saved.pt'));
    repo.write('saved.pt/data.bin', 'x');
    repo.git(
      'update-index',
      '--add',
      '--cacheinfo',
      `120000,${repo.git('hash-object', '-w', '.git/HEAD')},link.onnx`,
    );
    repo.git('commit', '--quiet', '--message', 'Link');
    const snapshot = (await scanned(repo.folder)).snapshot();
    expect(pathsIn(snapshot)).toEqual([]);
    expect(gitVersions(snapshot, 'link.onnx')).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('work that is not done twice', () => {
  it('takes a number of processes that does not grow with the commits', async () => {
    const repo = new TestRepo();
    for (let index = 0; index < 50; index++) {
      repo.write('metrics.json', `{"step": ${index}}`);
      repo.put('a.onnx', `content ${index}`);
    }
    const counting = countingGit();
    const git = await find(repo.folder, counting.binary);
    const before = counting.calls().length;
    const cache = await emptyCache();
    await scan(git, cache);
    const versions = gitVersions(cache.snapshot(), 'a.onnx');
    expect(versions.map(({ id, metrics }) => [id, metrics['step']])).toEqual(
      Array.from({ length: 50 }, (_, index) => [sha256(`content ${49 - index}`), 49 - index]),
    );
    // Tips, log, sizes, contents.
    expect(counting.calls().slice(before)).toHaveLength(4);
  });

  it('takes commands that Windows can start for any number of folders that are models', async () => {
    const repo = new TestRepo();
    const folders = Array.from({ length: 1100 }, (_, index) => `runs/${'long'.repeat(10)}/${index}`);
    for (const folder of folders) {
      repo.write(`${folder}/config.json`, '{}');
      repo.write(`${folder}/model.safetensors`, folder);
    }
    repo.commit('All');
    repo.put('other/model/MLmodel', 'flavors: {}');
    repo.put(`${folders.at(-1)}/vocabulary.txt`, 'words');
    const counting = countingGit();
    const cache = await emptyCache();
    const options = { patterns: [...patterns, '**/MLmodel'] };
    await scan(await find(repo.folder, counting.binary), cache, options);
    const snapshot = cache.snapshot();
    const amounts = [...folders, 'other/model'].map((folder) => gitVersions(snapshot, folder).length);
    expect(amounts).toEqual([...folders.slice(1).map(() => 1), 2, 1]);
    const longest = Math.max(...counting.calls().map(({ length }) => length));
    expect(longest).toBeLessThan(10_000);
  });

  it('asks for the tips and nothing else when nothing is new, and for what is new only', async () => {
    const repo = new TestRepo();
    for (const content of ['one', 'two']) repo.put('a.onnx', content);
    const counting = countingGit();
    const git = await find(repo.folder, counting.binary);
    const cache = await emptyCache();
    await scan(git, cache);
    const log = cache.snapshot();

    let before = counting.calls().length;
    await scan(git, cache);
    expect(counting.calls().slice(before)).toEqual([expect.stringContaining('show-ref')]);

    const third = repo.put('a.onnx', 'three');
    repo.git('checkout', '--quiet', '-b', 'side', 'HEAD~1');
    repo.put('a.onnx', 'two');
    before = counting.calls().length;
    const appended: string[][] = [];
    await scan(git, {
      ...cache,
      append: (added, state) => {
        appended.push(added.commits.map(({ oid }) => oid));
        cache.append(added, state);
      },
    });
    expect(appended).toEqual([[third]]);
    expect(counting.calls().length - before).toBeLessThanOrEqual(6);
    expect(log.commits).toHaveLength(2);
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual(['three', 'two', 'one'].map(sha256));
  });

  it('forgets what a rewritten or deleted branch had, without reading known contents again', async () => {
    const repo = new TestRepo();
    repo.put('a.onnx', 'one');
    repo.put('a.onnx', 'two');
    repo.git('checkout', '--quiet', '-b', 'side');
    repo.put('a.onnx', 'on the side');
    repo.git('checkout', '--quiet', 'main');
    const cache = await scanned(repo.folder);
    const hashed: string[] = [];
    const watched: HistoryCache = {
      ...cache,
      putBlobs: (blobs) => {
        hashed.push(...blobs.map(({ id }) => id));
        cache.putBlobs(blobs);
      },
    };

    repo.write('a.onnx', 'two, amended');
    repo.git('commit', '--quiet', '--all', '--amend', '--message', 'Amended');
    repo.git('branch', '--quiet', '-D', 'side');
    await scanned(repo.folder, watched);
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual(['two, amended', 'one'].map(sha256));
    expect(hashed).toEqual([sha256('two, amended')]);

    repo.put('a.onnx', 'three');
    repo.git('gc', '--quiet', '--prune=now');
    repo.git('reflog', 'expire', '--expire=now', '--all');
    repo.git('reset', '--quiet', '--hard', 'HEAD~1');
    repo.git('reflog', 'expire', '--expire=now', '--all');
    repo.git('gc', '--quiet', '--prune=now');
    await scanned(repo.folder, watched);
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual(['two, amended', 'one'].map(sha256));
  });

  it('reads all again when the patterns change', async () => {
    const repo = new TestRepo();
    repo.write('a.onnx', 'one');
    repo.put('b.gguf', 'two');
    const git = await find(repo.folder);
    const cache = await emptyCache();
    await scan(git, cache);
    await scan(git, cache, { patterns: ['**/*.gguf'] });
    expect(pathsIn(cache.snapshot())).toEqual(['b.gguf']);
    await scan(git, cache, { patterns: [] });
    expect(pathsIn(cache.snapshot())).toEqual([]);
  });

  it('keeps what it had when it is cancelled in the middle, and goes on there', async () => {
    const repo = new TestRepo();
    const contents = Array.from({ length: 4 }, (_, index) => Buffer.alloc(40 * 2 ** 20, index));
    for (const content of contents) repo.put('a.onnx', content);
    const git = await find(repo.folder);
    const cache = await emptyCache();
    const controller = new AbortController();
    let total = 0;
    const cancelled = scan(
      git,
      cache,
      {},
      {
        signal: controller.signal,
        report(progress) {
          total = progress.total;
          if (progress.done > 2.5 * 40 * 2 ** 20) controller.abort();
        },
      },
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(total).toBe(4 * 40 * 2 ** 20);
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual(contents.slice(2).toReversed().map(sha256));

    let read = 0;
    await scan(
      git,
      cache,
      {},
      {
        signal: new AbortController().signal,
        report: ({ total }) => (read = Math.max(read, total)),
      },
    );
    expect(read).toBe(2 * 40 * 2 ** 20);
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual(contents.toReversed().map(sha256));
  });
});
