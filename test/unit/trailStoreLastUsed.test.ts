import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { entryOf } from '../../src/trail/contentFolders.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { elsewhere, model, open, record, store, train, workspace } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

// The editor has a folder set for the store, of which the command line is told nothing.

const storePath = (): string => path.join(elsewhere.folder, 'set');

async function expectAll(trail: Trail, versions: readonly string[], folder: string): Promise<void> {
  await trail.refresh(unattended);
  expect((await trail.info()).store).toBe(folder);
  expect(await trail.verify({}, unattended)).toMatchObject({ checked: versions.length, problems: [] });
  for (const version of versions) {
    train();
    await trail.rollback({ model, version }, unattended);
    expect(sha256(workspace.read(model))).toBe(version);
  }
}

describe('who is told no folder for the store', () => {
  it('has it where it was used last', async () => {
    const first = await record(await open({ storePath: storePath() }));
    const untold = await open();
    const second = await record(untold);
    await expectAll(untold, [first, second], storePath());
    expect(existsSync(path.join(store(), 'packs'))).toBe(false);
  });

  it('can move it back to where it is when nothing is set', async () => {
    const first = await record(await open({ storePath: storePath() }));
    await (await open()).moveStore(store(), unattended);
    await expectAll(await open(), [first], store());
  });

  it('can move it, and whoever is told the folder before still reads it', async () => {
    const first = await record(await open({ storePath: storePath() }));
    const to = path.join(elsewhere.folder, 'moved');
    await (await open()).moveStore(to, unattended);
    await expectAll(await open(), [first], to);
    train();
    const told = await open({ storePath: storePath() });
    await told.rollback({ model, version: first }, unattended);
    expect(sha256(workspace.read(model))).toBe(first);
  });

  it('is told what to do when the disk of that folder is gone for good', async () => {
    await record(await open({ storePath: path.join(storePath(), 'store') }));
    rmSync(storePath(), { recursive: true });
    const untold = await open();
    const remembers = entryOf(store(), path.join(storePath(), 'store'));
    await expect(record(untold)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(`delete ${remembers}`),
    });
    rmSync(remembers);
    await record(untold);
    expect(existsSync(path.join(store(), 'packs'))).toBe(true);
  });
});
