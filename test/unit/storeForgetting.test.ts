import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { age, at, hour, keep, store } from '../support/contentStore.ts';
import { recipeFile } from '../support/damage.ts';

async function expectWhole(id: ContentId): Promise<void> {
  expect(await openBlockStore(at('store')).check(id, unattended)).toBe('ok');
}

describe('forgetting', () => {
  it('takes the recipe, unless it turns out to be wanted', async () => {
    const id = await keep(randomBytes(5000));
    expect(await store.forget([id], async () => () => true)).toEqual([]);
    await expectWhole(id);
    expect(await store.forget([id], async () => () => false)).toEqual([id]);
    expect(await store.check(id, unattended)).toBe('missing');
    expect(await store.forget([id], async () => () => false)).toEqual([]);
  });

  it('asks once what is wanted, when all is out of the way, and puts back what is or may be', async () => {
    const ids = [await keep(randomBytes(5000)), await keep(randomBytes(5000)), await keep(randomBytes(5000))];
    const [wanted = ''] = ids;
    let asked = 0;
    const ask = async () => {
      asked++;
      for (const id of ids) expect(await store.has(id)).toBe(false);
      return (id: string): boolean => id === wanted;
    };
    expect(await store.forget(ids, ask)).toEqual(ids.slice(1));
    expect(asked).toBe(1);
    await expectWhole(wanted);
    const failing = store.forget([wanted], async () => {
      throw new Error('nobody knows');
    });
    await expect(failing).rejects.toThrow('nobody knows');
    await expectWhole(wanted);
  });

  it('can be taken back until it is final, whatever is packed and removed meanwhile', async () => {
    const id = await keep(randomBytes(5000));
    await store.forget([id], async () => () => false);
    age();
    await store.pack({ contents: [], layoutOf: async () => undefined }, unattended);
    await store.collectGarbage(unattended);
    expect(await store.recover(id)).toBe(true);
    await expectWhole(id);
    await store.forget([id], async () => () => false);
    await store.finishForgetting(async () => () => false);
    age();
    expect(await store.collectGarbage(unattended)).toMatchObject({ removed: 1 });
    expect(await store.recover(id)).toBe(false);
  });

  it('leaves the blocks of what is moved back just when somebody looks what is needed', async () => {
    const id = await keep(randomBytes(5000));
    const recipe = recipeFile(at('store'), id);
    renameSync(recipe, `${recipe}.forgotten`);
    age();
    const gc = openBlockStore(at('store'));
    const { list } = gc.recipes.forgotten;
    gc.recipes.forgotten.list = async function* () {
      await store.recover(id);
      yield* list();
    };
    expect(await gc.collectGarbage(unattended)).toMatchObject({ removed: 0 });
    await expectWhole(id);
  });
});

describe('what is asked for again and again', () => {
  const times = (): number[] => store.packs.list().map(({ file }) => statSync(file).mtimeMs);

  it('has its packs left alone for a while once they were touched', async () => {
    const id = await keep(randomBytes(5000));
    expect(await store.wholeAmong([id])).toEqual(new Set([id]));
    const before = times();
    expect(await store.wholeAmong([id])).toEqual(new Set([id]));
    expect(times()).toEqual(before);
  });

  it("has them touched when its recipe was written anew meanwhile: by then they may have been nobody's", async () => {
    const id = await keep(randomBytes(5000));
    await store.wholeAmong([id]);
    const recipe = recipeFile(at('store'), id);
    const bytes = readFileSync(recipe);
    rmSync(recipe);
    age();
    const [old = 0] = times();
    writeFileSync(recipe, bytes);
    expect(await store.wholeAmong([id])).toEqual(new Set([id]));
    expect(times()[0]).toBeGreaterThan(old + hour);
  });

  it('is not whole while a pack of it is about to go', async () => {
    const id = await keep(randomBytes(5000));
    await store.wholeAmong([id]);
    for (const { file } of store.packs.list()) renameSync(file, file.replace(/pack$/, 'removed'));
    expect(await store.wholeAmong([id])).toEqual(new Set());
  });
});
