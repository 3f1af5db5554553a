import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  constants,
  copyFileSync,
  existsSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import { temporaryBeside } from '../../src/files/durable.ts';
import { replaceWithContent } from '../../src/files/safeWrite.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { runAsNobody } from '../support/anotherUser.ts';
import { at, bytesOf, filesIn, listed, store, workspace } from '../support/contentStore.ts';
import { damageContent, flip, recipeFile } from '../support/damage.ts';
import { sha256 } from '../support/workspace.ts';

/** Whether two files can share their blocks, as on btrfs, XFS and APFS. */
function canClone(folder: string): boolean {
  const [from, to] = [path.join(folder, 'clone-from'), path.join(folder, 'clone-to')];
  writeFileSync(from, 'x');
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  } finally {
    for (const file of [from, to]) rmSync(file, { force: true });
  }
}

describe('the store in trouble', () => {
  it('heals what is damaged when the file is put in again', async () => {
    const id = workspace.write('m.pt', randomBytes(100_000));
    await store.put(at('m.pt'), unattended);
    flip(recipeFile(at('store'), id), 30);
    expect(await store.check(id, unattended)).toBe('damaged');
    await store.put(at('m.pt'), unattended);
    expect(await store.check(id, unattended)).toBe('ok');
    damageContent(at('store'), id);
    expect(await store.check(id, unattended)).toBe('damaged');
    await store.put(at('m.pt'), unattended);
    expect(await store.check(id, unattended)).toBe('ok');
    expect(await openBlockStore(at('store')).check(id, unattended)).toBe('ok');
  });

  it('still relies on its packs after its disk could not tell the time for a moment', async () => {
    const bytes = randomBytes(300_000);
    const id = workspace.write('m.pt', bytes);
    await store.put(at('m.pt'), unattended);
    rmSync(at('store/tmp'), { recursive: true });
    writeFileSync(at('store/tmp'), '');
    await expect(store.wholeAmong([id])).rejects.toMatchObject({ message: expect.stringContaining('tmp') });
    rmSync(at('store/tmp'));
    expect(await store.wholeAmong([id])).toEqual(new Set([id]));
    await store.put(at('m.pt'), unattended);
    expect(store.packs.list()).toHaveLength(1);
  });

  it('gives no damaged bytes to a model file, and says which are damaged', async () => {
    const id = workspace.write('m.pt', randomBytes(9 << 20));
    await store.put(at('m.pt'), unattended, [0, 1000, (8 << 20) + 1000]);
    damageContent(at('store'), id);
    writeFileSync(at('m.pt'), 'newer');
    const wanted = { id, size: 9 << 20, model: 'm.pt' };
    await expect(replaceWithContent(at('m.pt'), store.open(id), wanted, unattended)).rejects.toMatchObject({
      code: 'damaged',
      range: { from: (8 << 20) + 1000, to: 9 << 20 },
    });
    expect(workspace.read('m.pt').toString()).toBe('newer');
    expect(await store.damagedRanges(id, unattended)).toEqual([{ from: (8 << 20) + 1000, to: 9 << 20 }]);
  });

  it('refuses a file that changes while it is read, or keeps it as it was before where the file system can clone', async () => {
    const before = workspace.write('m.pt', Buffer.alloc(3 << 20));
    const changes = [() => appendFileSync(at('m.pt'), 'x'), () => utimesSync(at('m.pt'), 1000, 1000)];
    for (const report of changes) {
      const kept = await store
        .put(at('m.pt'), { signal: unattended.signal, report })
        .catch((error: unknown) => error);
      if (canClone(workspace.folder)) {
        expect(kept).toMatchObject({ size: 3 << 20, id: before });
        expect(await store.check(before as ContentId, unattended)).toBe('ok');
        workspace.write('m.pt', Buffer.alloc(3 << 20));
      } else {
        expect(kept).toMatchObject({ code: 'refused' });
        expect(filesIn(at('store'))).toEqual([]);
      }
    }
  });

  it('leaves nothing behind when it is cancelled', async () => {
    workspace.write('m.pt', Buffer.alloc(3 << 20));
    const controller = new AbortController();
    const operation = { signal: controller.signal, report: () => controller.abort() };
    await expect(store.put(at('m.pt'), operation)).rejects.toMatchObject({ code: 'cancelled' });
    expect(filesIn(at('store'))).toEqual([]);
  });

  it.runIf(existsSync('/proc/self/fd'))('leaves no pack open when a reading ends early', async () => {
    const block = 1 << 16;
    const starts = (blocks: readonly unknown[]): number[] => blocks.map((_, index) => index * block);
    // Each in a pack of its own, and all of them in turn in one content.
    const files = Array.from({ length: 24 }, () => Array.from({ length: 12 }, () => randomBytes(block)));
    for (const blocks of files) {
      workspace.write('m.pt', Buffer.concat(blocks));
      await store.put(at('m.pt'), unattended, starts(blocks));
    }
    const mixed = Array.from(
      { length: 12 * 24 },
      (_, index) => files[index % 24]?.[index % 12] ?? Buffer.of(),
    );
    workspace.write('m.pt', Buffer.concat(mixed));
    const { id } = await store.put(at('m.pt'), unattended, starts(mixed));
    const openPacks = (): string[] => {
      const listed = execFileSync('ls', ['-l', `/proc/${process.pid}/fd`], { encoding: 'utf8' });
      return listed.split('\n').filter((line) => line.includes(at('store/packs')));
    };
    for await (const _ of store.open(id)) break;
    expect(openPacks()).toEqual([]);
    expect(store.packs.damages).toEqual([]);
    expect(await store.check(id, unattended)).toBe('ok');
  });

  it('says that it is the file that may not be read, not the store', async (test) => {
    workspace.write('m.pt', 'secret');
    await chmod(at('m.pt'), 0o600);
    await chmod(workspace.folder, 0o777);
    const module = `
      import { openBlockStore } from 'source/store/blockStore.ts';
      import { unattended } from 'source/core/operation.ts';
      const store = openBlockStore('${at('store')}');
      await store.put('${at('m.pt')}', unattended).catch((error) => console.log(error.message));
    `;
    expect(runAsNobody(test, module)).toBe(
      `No permission for ${at('m.pt')}. Check the permissions of the file and of its folder.`,
    );
  });

  it('says what is wrong with what is no file', async () => {
    await mkdir(at('dir.pt'));
    symlinkSync('nowhere', at('broken.pt'));
    await expect(store.put(at('dir.pt'), unattended)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('directory'),
    });
    await expect(store.put(at('broken.pt'), unattended)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('broken symbolic link'),
    });
  });

  it.each(['', 'abc', '../../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(64)}\n`])(
    'takes %j for no id',
    async (id) => {
      await expect(store.has(id)).rejects.toMatchObject({ code: 'usage' });
      await expect(bytesOf(id)).rejects.toMatchObject({ code: 'usage' });
    },
  );

  it('removes what killed processes left, and lists only contents', async () => {
    await store.put(at((workspace.write('m.pt', 'one'), 'm.pt')), unattended);
    const left = path.basename(temporaryBeside('m.pt')).replace(`.${process.pid}-`, '.999999999-');
    workspace.write(`store/tmp/${left}`, 'half');
    utimesSync(at(`store/tmp/${left}`), 1000, 1000);
    workspace.write('store/recipes/ab/README', '');
    workspace.write('store/packs/README', '');
    await openBlockStore(at('store')).put(at('m.pt'), unattended);
    expect(filesIn(at('store/tmp'))).toEqual([]);
    expect(await listed()).toEqual([sha256('one')]);
  });

  it('says so when it is where a file is', async () => {
    workspace.write('store', 'a file');
    workspace.write('m.pt', 'one');
    await expect(store.put(at('m.pt'), unattended)).rejects.toMatchObject({ name: 'TrailError' });
    const blocked = { code: 'io', message: expect.stringContaining(`${at('store')} is a file`) };
    await expect(store.has(sha256('one'))).rejects.toMatchObject(blocked);
  });
});
