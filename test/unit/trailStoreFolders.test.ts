import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { entryOf } from '../../src/trail/contentFolders.ts';
import { elsewhere, model, open, record, store } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

// One folder is set for the store, then another, and the store is moved: by the editor, which is told what is set, and by the command
// line, which is not.

const at = (name: string): string => path.join(elsewhere.folder, name);
const opened = (set?: string) => open({ storePath: set === undefined ? undefined : at(set) });

/** @param set the folder that the editor has set */
async function recordWith(set?: string): Promise<string> {
  return record(await opened(set));
}

async function move(set: string | undefined, to: string): Promise<void> {
  await (await opened(set)).moveStore(to, unattended);
  // The setting follows, and the move is finished.
  if (set !== undefined) await (await open({ storePath: to })).collectGarbage(unattended);
}

async function expectAll(
  versions: readonly string[],
  ...all: readonly (string | undefined)[]
): Promise<void> {
  for (const set of all) {
    const trail = await opened(set);
    await trail.refresh(unattended);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: versions.length, problems: [] });
    for (const version of versions) {
      const copy = at('copy.safetensors');
      await trail.saveAs({ model, version }, copy, unattended);
      expect(sha256(readFileSync(copy))).toBe(version);
      rmSync(copy);
    }
  }
}

const hasPacks = (folder: string): boolean => existsSync(path.join(folder, 'packs'));

describe('what was recorded', () => {
  it('is there whatever folder is set later', async () => {
    const versions = [await recordWith(), await recordWith('a'), await recordWith('b'), await recordWith()];
    await expectAll(versions, 'a', 'b', undefined, 'c');
  });

  it('is there when the store is moved by the one who is told', async () => {
    const versions = [await recordWith(), await recordWith('a'), await recordWith('b')];
    await move('b', at('new'));
    expect(hasPacks(at('b'))).toBe(false);
    await expectAll(versions, 'new', undefined);
  });

  it('is there when the store is moved by the one who is not', async () => {
    const versions = [await recordWith(), await recordWith('a')];
    await move(undefined, at('new'));
    versions.push(await recordWith('a'));
    await expectAll(versions, 'a', undefined);
    await move(undefined, at('newer'));
    expect(hasPacks(at('a'))).toBe(false);
    await expectAll(versions, 'a', undefined);
  });

  it('goes on from a folder that was set, and in which there was nothing when it was moved', async () => {
    await move('a', at('new'));
    const versions = [await recordWith('new')];
    await move('new', store());
    versions.push(await recordWith());
    await expectAll(versions, undefined);
  });

  it('is there where a move was killed, and another folder was set and moved instead', async () => {
    const versions = [await recordWith('a')];
    // What it leaves that was killed after the switch.
    writeFileSync(path.join(store(), 'location'), `${at('x')}\n${at('a')}\n`);
    rmSync(entryOf(store(), at('a')));
    versions.push(await recordWith('b'));
    await move('b', at('new'));
    await expectAll(versions, 'new', undefined);
  });

  it('on a disk that is away stays there, and is there again with it', async () => {
    const versions = [await recordWith('a'), await recordWith('b')];
    renameSync(at('a'), at('away'));
    const trail = await opened('b');
    const { problems } = await trail.verify({}, unattended);
    expect(problems).toMatchObject([
      { path: model, message: expect.stringContaining(`may be in ${at('a')}, which is not there`) },
    ]);
    await move('b', at('new'));
    renameSync(at('away'), at('a'));
    await expectAll(versions, 'new', undefined);
  });
});
