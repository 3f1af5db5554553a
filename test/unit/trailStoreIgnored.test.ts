import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { elsewhere, model, open, record, store, train, trails, workspace } from '../support/trails.ts';
import type { Workspace } from '../support/workspace.ts';

describe('a store', () => {
  it('inside a working tree is never committed, also where Git comes later', async () => {
    const plain = elsewhere;
    train(undefined, model, plain);
    const trail = await open({ folder: plain.folder });
    await trail.record({ model }, unattended);
    await closeAll();
    expect(committedIn(plain)).toEqual(['.modeltrail/journal', model]);
    // One that is from before.
    rmSync(path.join(plain.folder, '.modeltrail/store/.gitignore'));
    await (await open({ folder: plain.folder })).models();
    await closeAll();
    expect(committedIn(plain)).toEqual(['.modeltrail/journal', model]);
  });

  it('that is set to be inside the working tree is never committed, and nothing is left of it when it is moved away', async () => {
    const storePath = path.join(workspace.folder, 'bytes');
    const trail = await open({ storePath });
    await record(trail);
    expect(committedIn(workspace)).toEqual(['.modeltrail/journal', 'bytes/.gitignore', model]);
    await trail.moveStore(store(), unattended);
    await (await open()).moveStore(store(), unattended);
    expect(existsSync(storePath)).toBe(false);
  });

  it('that is set to be one with other things in it hides none of them from Git', async () => {
    const rules = '*.tmp\n!packs';
    workspace.write('data/.gitignore', rules);
    workspace.write('data/train.csv', '1,2\n');
    workspace.write('data/labels/part.tmp', '');
    const trail = await open({ storePath: 'data' });
    await record(trail);
    await record(trail);
    await trail.pack(unattended);
    const own = ['.modeltrail/journal', 'data/.gitignore', 'data/train.csv', model];
    expect(committedIn(workspace)).toEqual(own);
    const ignoring = workspace.read('data/.gitignore').toString();
    expect(ignoring.startsWith(`${rules}\n`)).toBe(true);
    expect(ignoring.match(/^\/packs$/gm)).toHaveLength(1);
  });

  it('leaves rules for Git that are not its own when it is moved away', async () => {
    workspace.write('data/.gitignore', '*.csv\n');
    const trail = await open({ storePath: 'data' });
    await record(trail);
    await trail.moveStore(store(), unattended);
    await (await open()).moveStore(store(), unattended);
    expect(readdirSync(path.join(workspace.folder, 'data'))).toEqual(['.gitignore']);
    expect(workspace.read('data/.gitignore').toString()).toContain('*.csv\n');
  });

  it('that is set to be the top of the working tree is not committed', async () => {
    const trail = await open({ storePath: '.' });
    await record(trail);
    expect(committedIn(workspace)).toEqual(['.gitignore', '.modeltrail/journal', model]);
  });
});

async function closeAll(): Promise<void> {
  await Promise.all(trails.splice(0).map((trail) => trail.close()));
}

/** What Git takes when it is given everything; of the journal its folder. */
function committedIn({ git }: Workspace): string[] {
  git('init', '--quiet');
  git('add', '--all');
  const names = git('ls-files').split('\n');
  return [...new Set(names.map((name) => name.replace(/(journal)\/.*/, '$1')))];
}
