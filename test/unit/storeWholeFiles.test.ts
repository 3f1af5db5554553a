import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { type Operation, unattended } from '../../src/core/operation.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { at, bytesOf, listed, store, workspace } from '../support/contentStore.ts';
import { damageContent, recipeFile } from '../support/damage.ts';
import { weights } from '../support/weights.ts';
import { sha256 } from '../support/workspace.ts';

describe('whole files of the first layout', () => {
  function oldObject(bytes: Uint8Array, id = sha256(bytes)): ContentId {
    workspace.write(`store/objects/${id.slice(0, 2)}/${id}`, bytes);
    return id;
  }

  it('are read as they are, and turned into blocks', async () => {
    const contents = [
      Buffer.alloc(0),
      Buffer.from('x'),
      randomBytes(5_000_000),
      Buffer.from(weights('F32', 400_000)),
    ];
    const ids = contents.map((bytes) => oldObject(bytes));
    const expectAll = async (): Promise<void> => {
      expect(await listed()).toEqual([...ids].sort());
      for (const [index, id] of ids.entries()) {
        const bytes = contents[index] ?? Buffer.alloc(0);
        expect(await store.has(id)).toBe(true);
        expect(await store.sizeOf(id)).toBe(bytes.length);
        expect((await bytesOf(id)).equals(bytes)).toBe(true);
        expect(await store.check(id, unattended)).toBe('ok');
        const access = await store.access(id);
        const half = bytes.length >> 1;
        expect(bytes.subarray(half).equals(await access.read(half, bytes.length - half))).toBe(true);
        await access.close();
      }
    };
    await expectAll();
    const asked: string[] = [];
    const starts = async (file: string): Promise<readonly number[]> => {
      asked.push(path.basename(file));
      return [0, 1000];
    };
    expect(await store.migrate(unattended, starts)).toBe(4);
    expect(asked.sort()).toEqual([...ids].sort());
    expect(
      readdirSync(at('store/objects'), { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      ),
    ).toEqual([]);
    await expectAll();
    expect(await store.migrate(unattended)).toBe(0);
  });

  it('that are damaged are told, and left alone', async () => {
    const bytes = randomBytes(1000);
    const id = oldObject(bytes, sha256('something else'));
    expect(await store.check(id, unattended)).toBe('damaged');
    expect(await store.migrate(unattended)).toBe(0);
    expect(await listed()).toEqual([id]);
    expect(await bytesOf(id)).toEqual(bytes);
    expect(existsSync(at('store/recipes'))).toBe(false);
  });

  it('are no reason not to keep the bytes: they may be cut off', async () => {
    const bytes = randomBytes(100_000);
    const id = oldObject(Buffer.alloc(0), sha256(bytes));
    expect(await store.wholeAmong([id])).toEqual(new Set());
    workspace.write('m.pt', bytes);
    await store.put(at('m.pt'), unattended);
    expect(await store.wholeAmong([id])).toEqual(new Set([id]));
    expect((await bytesOf(id)).equals(bytes)).toBe(true);
  });

  it('are turned into blocks although something else has the name of one', async () => {
    const id = oldObject(randomBytes(1000));
    const other = sha256('a folder');
    await mkdir(at(`store/objects/${other.slice(0, 2)}/${other}`), { recursive: true });
    expect(await store.migrate(unattended)).toBe(1);
    expect(await store.check(id, unattended)).toBe('ok');
  });

  it('are not removed before their blocks can be read', async () => {
    const bytes = randomBytes(300_000);
    const id = oldObject(bytes);
    // A killed migration may have come as far as the recipe; here the blocks have been damaged since.
    workspace.write('m.pt', bytes);
    await store.put(at('m.pt'), unattended);
    const again = openBlockStore(at('store'));
    damageContent(at('store'), id);
    expect(await again.check(id, unattended)).toBe('damaged');
    expect(await again.migrate(unattended)).toBe(1);
    expect(await openBlockStore(at('store')).check(id, unattended)).toBe('ok');
  });

  it('are read when the recipe that takes their place is damaged', async () => {
    const bytes = randomBytes(300_000);
    const id = oldObject(bytes);
    await mkdir(path.dirname(recipeFile(at('store'), id)), { recursive: true });
    writeFileSync(recipeFile(at('store'), id), 'rotten');
    expect((await bytesOf(id)).equals(bytes)).toBe(true);
    expect(await store.migrate(unattended)).toBe(1);
    expect((await bytesOf(id)).equals(bytes)).toBe(true);
  });

  it('stop being turned into blocks when that is cancelled', async () => {
    const id = oldObject(randomBytes(3_000_000));
    const controller = new AbortController();
    const cancel: Operation = { signal: controller.signal, report: () => controller.abort() };
    await expect(store.migrate(cancel)).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(at('store/tmp'))).toEqual([]);
    expect(await store.check(id, unattended)).toBe('ok');
  });
});
