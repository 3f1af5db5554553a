import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isProcessAlive } from '../../src/files/durable.ts';
import { BlobReader } from '../../src/history/blobs.ts';
import { gitVersions } from '../../src/history/lineage.ts';
import {
  countingGit,
  emptyCache,
  find,
  gitIn,
  ids,
  scan,
  sha256,
  temporaryFolder,
  TestRepo,
} from './historyRepo.ts';

async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const mebi = 2 ** 20;

function looseObject(repo: TestRepo, blob: string): string {
  const path = join(repo.folder, '.git', 'objects', blob.slice(0, 2), blob.slice(2));
  chmodSync(path, 0o644);
  return path;
}

describe('reading blobs', () => {
  it('gives the bytes of each of many requests at once, from one process', async () => {
    const repo = new TestRepo();
    const contents = [Buffer.alloc(0), Buffer.from('a\n\0b\n'), randomBytes(3 * mebi), randomBytes(65_537)];
    for (const [index, content] of contents.entries()) repo.write(`${index}.pt`, content);
    repo.commit('All');
    const counting = countingGit();
    const git = await find(repo.folder, counting.binary);
    const before = counting.calls().length;
    const reader = new BlobReader(git);
    const blobs = contents.map((_, index) => gitIn(repo.folder, 'rev-parse', `HEAD:${index}.pt`));
    const read = await Promise.all([...blobs, ...blobs].map((blob) => bytesOf(reader.read(blob))));
    expect(read.map(sha256)).toEqual([...contents, ...contents].map(sha256));
    expect(counting.calls()).toHaveLength(before + 1);
    reader.dispose();
  });

  it('stays in step after a missing blob, a read that was given up, and a small read of something large', async () => {
    const repo = new TestRepo();
    repo.write('large.pt', randomBytes(5 * mebi));
    repo.put('small.pt', 'small');
    const [large, small] = ['large.pt', 'small.pt'].map((path) => repo.git('rev-parse', `HEAD:${path}`));
    const reader = new BlobReader(await find(repo.folder));
    await expect(bytesOf(reader.read('1'.repeat(40)))).rejects.toMatchObject({ code: 'missingBytes' });
    expect((await bytesOf(reader.read(small ?? ''))).toString()).toBe('small');
    for await (const chunk of reader.read(large ?? '')) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect((await bytesOf(reader.read(small ?? ''))).toString()).toBe('small');
    expect(await reader.small(large ?? '', mebi)).toBeUndefined();
    expect((await reader.small('HEAD:small.pt', mebi))?.toString()).toBe('small');
    reader.dispose();
  });

  it('gives what an object is, not what the user has Git show in its place', async () => {
    const repo = new TestRepo();
    repo.put('a.onnx', 'made');
    const made = repo.git('rev-parse', 'HEAD:a.onnx');
    repo.put('a.onnx', 'shown in its place');
    repo.git('replace', made, 'HEAD:a.onnx');
    const cache = await emptyCache();
    await scan(await find(repo.folder), cache);
    expect(ids(gitVersions(cache.snapshot(), 'a.onnx'))).toEqual(['shown in its place', 'made'].map(sha256));
  });

  it('says which object is damaged, and goes on with the others', async () => {
    const repo = new TestRepo();
    repo.put('a.pt', 'one');
    repo.put('a.pt', randomBytes(10_000));
    const damaged = repo.git('rev-parse', 'HEAD:a.pt');
    writeFileSync(looseObject(repo, damaged), readFileSync(looseObject(repo, damaged)).fill(7, 5000, 5100));
    const git = await find(repo.folder);
    const reader = new BlobReader(git);
    await expect(bytesOf(reader.read(damaged))).rejects.toMatchObject({
      message: expect.stringContaining(damaged),
    });
    expect((await reader.small('HEAD~1:a.pt', 100))?.toString()).toBe('one');
    reader.dispose();

    const cache = await emptyCache();
    expect(await scan(git, cache)).toEqual({ missing: 1 });
    expect(ids(gitVersions(cache.snapshot(), 'a.pt'))).toEqual([sha256('one')]);
    unlinkSync(looseObject(repo, damaged));
    expect(await scan(git, cache)).toEqual({ missing: 1 });
  });

  it('does not fetch a blob that a partial clone left at the remote', async () => {
    const origin = new TestRepo();
    origin.put('a.pt', 'one');
    const lost = origin.git('rev-parse', 'HEAD:a.pt');
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const folder = join(temporaryFolder(), 'clone');
    const clone = [
      'clone',
      '--quiet',
      '--no-checkout',
      '--filter=blob:none',
      `file://${origin.folder}`,
      folder,
    ];
    gitIn(origin.folder, ...clone);
    const reader = new BlobReader(await find(folder));
    await expect(bytesOf(reader.read(lost))).rejects.toMatchObject({ code: 'missingBytes' });
    expect(gitIn(folder, 'rev-list', '--objects', '--all', '--missing=print')).toContain(`?${lost}`);
    reader.dispose();
  });

  it('holds Git back to the pace of the reader, and ends it when it is cancelled', async () => {
    const repo = new TestRepo();
    repo.git('config', 'core.compression', '0');
    repo.put('a.pt', Buffer.alloc(200 * mebi));
    const folder = temporaryFolder();
    const binary = join(folder, 'git');
    // What each process has given so far can be seen in a file that is named like it.
    const script = `given='${folder}/'$$\necho $$ > '${folder}/last'\nmkfifo $given.pipe\ntee $given < $given.pipe &\n`;
    writeFileSync(binary, `#!/bin/sh\n${script}exec git "$@" > $given.pipe\n`);
    chmodSync(binary, 0o755);
    const controller = new AbortController();
    const reader = new BlobReader(await find(repo.folder, binary), controller.signal);
    const other = new BlobReader(await find(repo.folder));
    const pid = (): string => readFileSync(join(folder, 'last'), 'utf8').trim();
    let read = 0;
    const reading = (async () => {
      for await (const chunk of reader.read('HEAD:a.pt')) {
        read += chunk.length;
        if (read < 10 * mebi) continue;
        // Enough time for Git to give all of it, as somebody else sees.
        let all = 0;
        for await (const { length } of other.read('HEAD:a.pt')) all += length;
        expect(all).toBe(200 * mebi);
        expect(statSync(join(folder, pid())).size).toBeLessThan(20 * mebi);
        controller.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    expect(read).toBeLessThan(20 * mebi);
    other.dispose();
    await expect.poll(() => isProcessAlive(Number(pid()))).toBe(false);
  });
});
