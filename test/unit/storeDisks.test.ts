import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { link } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { replaceWithContent } from '../../src/files/safeWrite.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { at, filesIn, store, workspace } from '../support/contentStore.ts';
import { mountTiny } from '../support/disks.ts';
import { sha256 } from '../support/workspace.ts';

describe('a store on a disk', () => {
  it('that is too full takes nothing, says what to do, and stays good', async (test) => {
    mountTiny(test, at('store'));
    const small = workspace.write('small.pt', randomBytes(1 << 20));
    await store.put(at('small.pt'), unattended);
    const before = filesIn(at('store'));
    workspace.write('large.pt', randomBytes(8 << 20));
    await expect(store.put(at('large.pt'), unattended)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('is full. Nothing was changed; free some space and try again'),
    });
    expect(filesIn(at('store'))).toEqual(before);
    expect(await store.check(small, unattended)).toBe('ok');
  });

  it('that becomes full at whatever moment takes all or nothing, and says what to do', async (test) => {
    mountTiny(test, at('store'));
    const id = workspace.write('m.pt', randomBytes(3 << 20));
    const page = 4096;
    const outcomes = new Set<string>();
    for (let pages = 0; pages < 12; pages++) {
      writeFileSync(at('store/other'), Buffer.alloc((1 << 20) - pages * page));
      const fresh = openBlockStore(at('store'));
      const outcome = await fresh.put(at('m.pt'), unattended).then(
        () => 'kept',
        (error: unknown) => error,
      );
      if (outcome === 'kept') {
        expect(await fresh.check(id, unattended)).toBe('ok');
      } else {
        expect(outcome).toMatchObject({
          code: 'io',
          message: expect.stringContaining('is full. Nothing was changed; free some space and try again'),
        });
        expect(await fresh.has(id)).toBe(false);
      }
      expect(filesIn(at('store/tmp'))).toEqual([]);
      outcomes.add(outcome === 'kept' ? 'kept' : 'full');
      for (const folder of ['packs', 'recipes'])
        rmSync(at(`store/${folder}`), { recursive: true, force: true });
    }
    expect([...outcomes]).toEqual(['full', 'kept']);
  });

  it('that fills up while a model file is replaced leaves the file as it was', async (test) => {
    mountTiny(test, at('store'));
    const old = Buffer.alloc(1 << 20, 'old');
    workspace.write('store/m.pt', old);
    const bytes = Buffer.alloc(5 << 19, 'new');
    async function* content(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 1 << 20);
      writeFileSync(at('store/other'), Buffer.alloc(1 << 20));
      yield bytes.subarray(1 << 20);
    }
    const wanted = { id: sha256(bytes), size: bytes.length, model: 'm.pt' };
    await expect(replaceWithContent(at('store/m.pt'), content(), wanted, unattended)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('free some space'),
    });
    expect(workspace.read('store/m.pt').equals(old)).toBe(true);
    expect(filesIn(at('store')).sort()).toEqual(['m.pt', 'other']);
  });

  it('that is read-only can be read, and says so when it is written to', async (test) => {
    mountTiny(test, at('store'));
    const id = workspace.write('m.pt', 'one');
    await store.put(at('m.pt'), unattended);
    workspace.write('new.pt', 'two');
    execFileSync('mount', ['-o', 'remount,ro', at('store')]);
    expect(await store.check(id, unattended)).toBe('ok');
    for (const fresh of [store, openBlockStore(at('store'))]) {
      await expect(fresh.put(at('new.pt'), unattended)).rejects.toMatchObject({
        code: 'io',
        message: expect.stringContaining('read-only disk'),
      });
    }
    const wanted = { id: sha256('two'), size: 3, model: 'm.pt' };
    await expect(
      replaceWithContent(at(`store/m.pt`), store.open(id), wanted, unattended),
    ).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('read-only disk') });
  });

  it('other than that of the file can be used', async (test) => {
    mountTiny(test, at('store'));
    const id = workspace.write('m.pt', 'one');
    await store.put(at('m.pt'), unattended);
    await expect(link(at('m.pt'), at('store/m.pt'))).rejects.toThrow('EXDEV');
    expect(await store.check(id, unattended)).toBe('ok');
  });
});
