import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitVersions } from '../../src/history/lineage.ts';
import {
  emptyCache,
  find,
  ids,
  pathsIn,
  scan,
  scanned,
  sha256,
  TestRepo,
  versionsIn,
} from './historyRepo.ts';

describe('what history says of a model', () => {
  it('is each content once, by its first commit, with the commits that brought it', async () => {
    const repo = new TestRepo();
    const first = repo.put('models/a.onnx', 'one', 'First try');
    const second = repo.put('models/a.onnx', 'two!', 'Longer warm-up');
    const third = repo.put('models/a.onnx', 'one', 'Back to the first');
    repo.put('notes.txt', 'nothing to do with it');

    const versions = await versionsIn(repo.folder, 'models/a.onnx');
    expect(ids(versions)).toEqual([sha256('two!'), sha256('one')]);
    expect(versions.map(({ size }) => size)).toEqual([4, 3]);
    expect(versions[1]?.sightings.map(({ commit }) => commit)).toEqual([third, first]);
    expect(versions[0]?.sightings).toEqual([
      {
        commit: second,
        subject: 'Longer warm-up',
        author: { name: 'Ada Lovelace', email: 'ada@example.org' },
        time: new Date(Number(repo.git('show', '-s', '--format=%at', second)) * 1000).toISOString(),
        path: 'models/a.onnx',
        blob: repo.git('rev-parse', `${second}:models/a.onnx`),
        lfs: false,
      },
    ]);
  });

  it('follows a rename, and leaves to others what is made at the old path later', async () => {
    const repo = new TestRepo();
    repo.put('old.onnx', 'one');
    repo.put('old.onnx', 'two');
    repo.git('mv', 'old.onnx', 'new.onnx');
    repo.commit('Rename');
    repo.put('new.onnx', 'three');
    repo.put('old.onnx', 'another model');

    const snapshot = (await scanned(repo.folder)).snapshot();
    const versions = gitVersions(snapshot, 'new.onnx');
    expect(ids(versions)).toEqual(['three', 'two', 'one'].map(sha256));
    expect(versions[2]?.sightings[0]?.path).toBe('old.onnx');
    expect(ids(gitVersions(snapshot, 'old.onnx'))).toEqual([sha256('another model')]);
  });

  it('follows a model through two names, and two that changed places', async () => {
    const repo = new TestRepo();
    repo.write('a.onnx', 'a1');
    repo.put('b.onnx', 'b1');
    repo.git('mv', 'a.onnx', 'x.onnx');
    repo.git('mv', 'b.onnx', 'a.onnx');
    repo.git('mv', 'x.onnx', 'b.onnx');
    repo.commit('Swap');
    repo.git('mv', 'b.onnx', 'c.onnx');
    repo.commit('Rename');
    const snapshot = (await scanned(repo.folder)).snapshot();
    expect(gitVersions(snapshot, 'c.onnx')[0]?.id).toBe(sha256('a1'));
    expect(gitVersions(snapshot, 'a.onnx')[0]?.id).toBe(sha256('b1'));
  });

  it('is that of all local branches, also of one whose contents a merge dropped', async () => {
    const repo = new TestRepo();
    repo.put('a.onnx', 'base');
    repo.git('checkout', '--quiet', '-b', 'side');
    repo.put('a.onnx', 'side 1');
    repo.put('a.onnx', 'side 2');
    repo.put('only-here.pt', 'x');
    repo.git('checkout', '--quiet', 'main');
    repo.put('a.onnx', 'main 1');
    expect(new Set(ids(await versionsIn(repo.folder, 'a.onnx')))).toEqual(
      new Set(['base', 'side 1', 'side 2', 'main 1'].map(sha256)),
    );
    expect(pathsIn((await scanned(repo.folder)).snapshot())).toEqual(['a.onnx', 'only-here.pt']);

    repo.git('merge', '--quiet', '--strategy=ours', '--message', 'Keep main', 'side');
    repo.git('branch', '--delete', '--quiet', 'side');
    expect(ids(await versionsIn(repo.folder, 'a.onnx')).sort()).toEqual(
      ['base', 'side 1', 'side 2', 'main 1'].map(sha256).sort(),
    );
  });

  it('has a content that was made in a merge, and none twice for a merge that took one side', async () => {
    const repo = new TestRepo();
    repo.put('a.onnx', 'base');
    repo.git('checkout', '--quiet', '-b', 'side');
    repo.put('a.onnx', 'side');
    repo.git('checkout', '--quiet', 'main');
    repo.put('a.onnx', 'main');
    expect(() => repo.git('merge', '--quiet', 'side')).toThrow();
    const merge = repo.put('a.onnx', 'retrained on both', 'Merge');
    const versions = await versionsIn(repo.folder, 'a.onnx');
    expect(ids(versions)[0]).toBe(sha256('retrained on both'));
    expect(versions[0]?.sightings[0]?.commit).toBe(merge);

    repo.git('checkout', '--quiet', '-b', 'other');
    repo.put('a.onnx', 'other');
    repo.git('checkout', '--quiet', 'main');
    repo.put('readme.txt', 'x');
    repo.git('merge', '--quiet', '--no-edit', 'other');
    const other = (await versionsIn(repo.folder, 'a.onnx')).find(({ id }) => id === sha256('other'));
    expect(other?.sightings).toHaveLength(1);
  });

  it('follows a rename on one side of a merge', async () => {
    const repo = new TestRepo();
    const content = Buffer.alloc(4000, 'x');
    repo.put('a.onnx', content);
    repo.git('checkout', '--quiet', '-b', 'side');
    repo.git('mv', 'a.onnx', 'b.onnx');
    repo.commit('Rename');
    repo.git('checkout', '--quiet', 'main');
    const changed = Buffer.concat([content, Buffer.from('y')]);
    repo.put('a.onnx', changed);
    repo.git('merge', '--quiet', '--no-edit', 'side');
    const versions = await versionsIn(repo.folder, 'b.onnx');
    expect(ids(versions)).toEqual([sha256(changed), sha256(content)]);
    expect(versions[0]?.sightings.map(({ path }) => path)).toEqual(['b.onnx', 'a.onnx']);
  });

  it('is the same for paths with spaces, quotes, emoji, a newline or a leading dash', async () => {
    const repo = new TestRepo();
    const paths = [
      'a b.onnx',
      '-x.onnx',
      `q"'\\.onnx`,
      'é🤖/[m]*.ONNX',
      'new\nline.onnx',
      ':(top)x.onnx',
      '\x01.onnx',
    ];
    for (const path of paths) repo.write(path, `1 ${path}`);
    repo.commit('One');
    for (const path of paths) repo.write(path, `2 ${path}`);
    repo.commit('Two');
    const snapshot = (await scanned(repo.folder)).snapshot();
    expect(pathsIn(snapshot)).toEqual([...paths].sort());
    for (const path of paths) {
      expect(ids(gitVersions(snapshot, path)), path).toEqual([sha256(`2 ${path}`), sha256(`1 ${path}`)]);
    }
  });

  it('survives commits with an empty message, an odd date, and a deleted model', async () => {
    const repo = new TestRepo();
    repo.put('a.onnx', 'one');
    repo.write('a.onnx', 'two');
    repo.git('commit', '--quiet', '--all', '--allow-empty-message', '--message', '');
    repo.git('rm', '--quiet', 'a.onnx');
    repo.commit('Remove');
    const snapshot = (await scanned(repo.folder)).snapshot();
    expect(ids(gitVersions(snapshot, 'a.onnx'))).toEqual(['two', 'one'].map(sha256));
    expect(gitVersions(snapshot, 'a.onnx')[0]?.sightings[0]?.subject).toBe('');
  });

  it('ends where a model is renamed to what is none, and begins where it comes back from there', async () => {
    const repo = new TestRepo();
    const made = repo.put('a.onnx', 'one');
    repo.git('mv', 'a.onnx', 'a.onnx.bak');
    const away = repo.commit('Put away');
    repo.git('mv', 'a.onnx.bak', 'b.onnx');
    const back = repo.commit('Take it out again');
    const { events } = (await scanned(repo.folder)).snapshot();
    expect(events.map(({ commit, path, from, blob }) => [commit, path, from, blob !== undefined])).toEqual([
      [made, 'a.onnx', undefined, true],
      [away, 'a.onnx', undefined, false],
      [back, 'b.onnx', undefined, true],
    ]);
  });

  it('does not depend on what the user configured for git log', async () => {
    const repo = new TestRepo();
    const settings = {
      'log.follow': 'true',
      'log.showRoot': 'false',
      'log.showSignature': 'true',
      'log.diffMerges': 'first-parent',
      'diff.relative': 'true',
      'diff.renames': 'copies',
      'diff.noprefix': 'true',
      'i18n.logOutputEncoding': 'ISO-8859-1',
      'color.ui': 'always',
      'core.quotePath': 'true',
    };
    for (const [key, value] of Object.entries(settings)) repo.git('config', key, value);
    repo.put('a.onnx', 'one', 'Größer');
    repo.put('ml/é.onnx', 'one', 'Kopie');
    const cache = await emptyCache();
    await scan(await find(repo.folder), cache, { patterns: ['**/*.onnx'] });
    expect(gitVersions(cache.snapshot(), 'a.onnx')[0]?.sightings[0]?.subject).toBe('Größer');
    expect(pathsIn(cache.snapshot())).toEqual(['a.onnx', 'ml/é.onnx']);
  });

  it('is told although the user has changes listed in the order of a file that is gone', async () => {
    const repo = new TestRepo();
    const commit = repo.put('a.onnx', 'one');
    repo.git('config', 'diff.orderFile', join(repo.folder, 'gone'));
    expect(ids(await versionsIn(repo.folder, 'a.onnx'))).toEqual([sha256('one')]);
    repo.write('a.onnx', 'two');
    expect(await (await find(repo.folder)).state()).toMatchObject({ commit, branch: 'main', dirty: true });
  });

  it('is told relative to a trail root below the top, and leaves the rest alone', async () => {
    const repo = new TestRepo();
    repo.put('other/b.onnx', 'b');
    repo.write('ml [1]/readme', '');
    repo.put('ml [1]/models/a.onnx', 'a', 'Add');
    repo.write('ml [1]/models/metrics.json', '{"f1": 0.5}');
    const commit = repo.put('ml [1]/models/a.onnx', 'a2');
    const git = await find(repo.folder);
    const cache = await emptyCache();
    await scan(git, cache, { prefix: await git.prefix(join(repo.folder, 'ml [1]')) });
    const snapshot = cache.snapshot();
    expect(pathsIn(snapshot)).toEqual(['models/a.onnx']);
    const [newest] = gitVersions(snapshot, 'models/a.onnx');
    expect(newest).toMatchObject({ id: sha256('a2'), metrics: { f1: 0.5 } });
    expect(newest?.sightings[0]?.blob).toBe(await git.blobAt(commit, 'ml [1]/models/a.onnx'));
  });
});

describe('metrics at the commit', () => {
  it("come from the file beside the model as it was then, the model's own before the folder's", async () => {
    const repo = new TestRepo();
    repo.write('m/metrics.json', '{"f1": 0.1, "params": {"lr": 0.01}}');
    repo.put('m/a.onnx', 'one');
    repo.write('m/metrics.json', '{"f1": 0.2}');
    repo.put('m/a.onnx', 'two');
    repo.write('m/a.onnx.metrics.json', '{"f1": 0.3}');
    repo.put('m/a.onnx', 'three');
    repo.git('rm', '--quiet', '-r', 'm/metrics.json', 'm/a.onnx.metrics.json');
    repo.write('m/metrics.yaml', 'f1: 0.4\n');
    repo.put('m/a.onnx', 'four');
    repo.write('m/metrics.yaml', 'f1: [');
    repo.put('m/a.onnx', 'five');
    repo.put('top.onnx', 'no metrics');
    const snapshot = (await scanned(repo.folder)).snapshot();
    const versions = gitVersions(snapshot, 'm/a.onnx');
    expect(versions.map(({ metrics }) => metrics['f1'])).toEqual([undefined, 0.4, 0.3, 0.2, 0.1]);
    expect(versions[4]?.params).toEqual({ lr: 0.01 });
    expect(gitVersions(snapshot, 'top.onnx')[0]?.metrics).toEqual({});
  });
});
