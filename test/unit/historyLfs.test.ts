import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lfsObjectPath, lfsRemote, parsePointer } from '../../src/history/lfs.ts';
import { gitVersions } from '../../src/history/lineage.ts';
import { emptyCache, find, ids, scan, sha256, temporaryFolder, TestRepo } from './historyRepo.ts';

const id = sha256('the model');
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${id}\nsize 9\n`;
const hasLfs = ((): boolean => {
  try {
    execFileSync('git', ['lfs', 'version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('a Git LFS pointer', () => {
  it('is known by the specification, old address, extensions and further keys included', () => {
    expect(parsePointer(Buffer.from(pointer))).toEqual({ id, size: 9 });
    expect(parsePointer(Buffer.from(pointer.replace('git-lfs.github.com', 'hawser.github.com')))).toEqual({
      id,
      size: 9,
    });
    const extended = pointer.replace('oid', `ext-0-foo sha256:${'0'.repeat(64)}\noid`);
    expect(parsePointer(Buffer.from(extended))).toEqual({ id, size: 9 });
    expect(parsePointer(Buffer.from(`${pointer}x-later value\n`))).toEqual({ id, size: 9 });
  });

  it('is nothing else that looks like it', () => {
    const others = {
      empty: '',
      'no end of line': pointer.slice(0, -1),
      'Windows line ends': pointer.replaceAll('\n', '\r\n'),
      'another version': pointer.replace('/v1', '/v2'),
      'version not first': pointer.split('\n').toReversed().join('\n').slice(1),
      'keys not sorted': pointer.replace(/(oid.*\n)(size.*\n)/, '$2$1'),
      'a key twice': `${pointer}size 9\n`,
      'an upper-case hash': pointer.replace(id, id.toUpperCase()),
      'a short hash': pointer.replace(id, id.slice(1)),
      'no size': pointer.replace(/size.*\n/, ''),
      'a negative size': pointer.replace('size 9', 'size -9'),
      'a size beyond all numbers': pointer.replace('size 9', `size ${'9'.repeat(30)}`),
      'too long': `${pointer}z ${'z'.repeat(1024)}\n`,
      'text about pointers': `${pointer}\nas you see\n`,
    };
    for (const [name, text] of Object.entries(others))
      expect(parsePointer(Buffer.from(text)), name).toBeUndefined();
  });
});

describe('models in Git LFS', () => {
  it('are identified by their pointers, and joined with the same content in plain Git', async () => {
    const repo = new TestRepo();
    const plain = repo.put('a.onnx', 'the model');
    const tracked = repo.put('a.onnx', pointer, 'Move to LFS');
    const cache = await emptyCache();
    await scan(await find(repo.folder), cache);
    const [version, ...others] = gitVersions(cache.snapshot(), 'a.onnx');
    expect(others).toEqual([]);
    expect(version).toMatchObject({ id, size: 9 });
    expect(version?.sightings.map(({ commit, lfs }) => [commit, lfs])).toEqual([
      [tracked, true],
      [plain, false],
    ]);
  });

  it.runIf(hasLfs)('are found as git lfs writes them, and so are their objects', async () => {
    const repo = new TestRepo();
    repo.git('lfs', 'install', '--local');
    repo.git('lfs', 'track', '*.onnx');
    const contents = ['one', 'two two'];
    for (const content of contents) repo.put('m/a.onnx', content);
    const git = await find(repo.folder);
    const cache = await emptyCache();
    await scan(git, cache);
    const versions = gitVersions(cache.snapshot(), 'm/a.onnx');
    expect(ids(versions)).toEqual(contents.toReversed().map(sha256));
    expect(versions.map(({ size, sightings }) => [size, sightings[0]?.lfs])).toEqual([
      [7, true],
      [3, true],
    ]);
    expect(readFileSync(await lfsObjectPath(git, sha256('one')), 'utf8')).toBe('one');

    const tree = join(temporaryFolder(), 'tree');
    repo.git('worktree', 'add', '--quiet', '-b', 'side', tree);
    expect(readFileSync(await lfsObjectPath(await find(tree), sha256('one')), 'utf8')).toBe('one');

    repo.git('config', 'lfs.storage', 'elsewhere/lfs');
    repo.put('m/a.onnx', 'three');
    expect(readFileSync(await lfsObjectPath(git, sha256('three')), 'utf8')).toBe('three');

    expect(await git.state()).toMatchObject({ dirty: false });
    repo.write('m/a.onnx', 'THREE');
    expect(await git.state()).toMatchObject({ dirty: true });
    repo.write('m/a.onnx', 'three');
    expect(await git.state()).toMatchObject({ dirty: false });
  });

  it('say where they could come from, without a password', async () => {
    const repo = new TestRepo();
    repo.put('a.txt', 'x');
    const git = await find(repo.folder);
    expect(await lfsRemote(git)).toBeUndefined();
    repo.git('remote', 'add', 'hub', 'https://ada:secret@example.org/ml/repo.git?token=secret');
    expect(await lfsRemote(git)).toBe('https://example.org/ml/repo.git');
    repo.git('remote', 'add', 'origin', 'git@example.org:ml/origin.git');
    expect(await lfsRemote(git)).toBe('git@example.org:ml/origin.git');
    repo.git('config', 'branch.main.remote', 'hub');
    expect(await lfsRemote(git)).toBe('https://example.org/ml/repo.git');
    repo.write('.lfsconfig', '[lfs]\n\turl = https://token@lfs.example.org/store\n');
    expect(await lfsRemote(git)).toBe('https://lfs.example.org/store');
    repo.git('config', 'lfs.url', 'https://mine.example.org');
    expect(await lfsRemote(git)).toBe('https://mine.example.org');
  });
});
