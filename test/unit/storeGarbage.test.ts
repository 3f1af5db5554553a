import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmdirSync, statSync, utimesSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { emptyQuarantine } from '../../src/store/quarantine.ts';
import { age, at, bytesOf, hour, keep, store, workspace } from '../support/contentStore.ts';
import { damageContent, flip } from '../support/damage.ts';

describe('garbage', () => {
  afterEach(() => vi.useRealTimers());
  /** The clock of this machine. The disk has its own. */
  function setClock(hoursOff: number): void {
    vi.useRealTimers();
    if (hoursOff !== 0) vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hoursOff * hour });
  }
  async function keepAndForget(): Promise<ContentId> {
    const id = await keep(randomBytes(1 << 20));
    await store.forget([id], async () => () => false);
    await store.finishForgetting(async () => () => false);
    return id;
  }

  it.each([
    { recorder: -2, remover: 0 },
    { recorder: 0, remover: 2 },
  ])(
    'is not what was relied on while it was looked for, by whatever clock: %o',
    async ({ recorder, remover }) => {
      const id = await keepAndForget();
      age();
      const gc = openBlockStore(at('store'));
      const { list } = gc.recipes;
      let looks = 0;
      gc.recipes.list = async function* () {
        yield* list();
        // When it has looked twice, it looks no more.
        if (++looks !== 2) return;
        setClock(recorder);
        await openBlockStore(at('store')).put(at('m.pt'), unattended);
        setClock(remover);
      };
      setClock(remover);
      await gc.collectGarbage(unattended);
      expect(looks).toBeGreaterThanOrEqual(2);
      expect(await openBlockStore(at('store')).check(id, unattended)).toBe('ok');
    },
  );

  it.each([
    { recorder: 2, remover: 0 },
    { recorder: 0, remover: -2 },
  ])('goes an hour after it was last relied on, by whatever clock: %o', async ({ recorder, remover }) => {
    setClock(recorder);
    await keepAndForget();
    for (const { file } of store.packs.list()) {
      const then = new Date(statSync(file).mtimeMs - 1.5 * hour);
      utimesSync(file, then, then);
    }
    setClock(remover);
    expect(await openBlockStore(at('store')).collectGarbage(unattended)).toMatchObject({ removed: 1 });
  });
});

describe('garbage from the future', () => {
  it('goes an hour after it was first looked at: the clock was set back', async () => {
    const id = await keep(randomBytes(1 << 20));
    await store.forget([id], async () => () => false);
    await store.finishForgetting(async () => () => false);
    const [pack] = store.packs.list();
    if (!pack) throw new Error('no pack');
    age(-24 * 365 * hour);
    expect(await store.collectGarbage(unattended)).toMatchObject({ removed: 0 });
    const dated = statSync(pack.file).mtimeMs;
    // Half an hour later it still waits.
    utimesSync(pack.file, dated / 1000 - 1800, dated / 1000 - 1800);
    expect(await store.collectGarbage(unattended)).toMatchObject({ removed: 0 });
    utimesSync(pack.file, dated / 1000 - 4500, dated / 1000 - 4500);
    expect(await store.collectGarbage(unattended)).toMatchObject({ removed: 1, waiting: 0 });
  });
});

describe('a damaged pack', () => {
  const packBytes = (): number => store.packs.list().reduce((sum, { size }) => sum + size, 0);

  it('goes once all that is needed of it was put in again', async () => {
    const bytes = randomBytes(4 << 20);
    const id = await keep(bytes);
    damageContent(at('store'), id);
    expect(await openBlockStore(at('store')).check(id, unattended)).toBe('damaged');
    const mending = openBlockStore(at('store'));
    await mending.check(id, unattended);
    await mending.put(at('m.pt'), unattended);
    for (let round = 0; round < 2; round++) {
      age();
      await openBlockStore(at('store')).collectGarbage(unattended);
    }
    await store.packs.scan();
    expect(packBytes()).toBeLessThan(1.1 * bytes.length);
    expect(await openBlockStore(at('store')).check(id, unattended)).toBe('ok');
  });

  it('that is put aside frees nothing until it goes', async () => {
    const id = await keep(randomBytes(100_000));
    flip(store.packs.list()[0]!.file, statSync(store.packs.list()[0]!.file).size - 1);
    await store.forget([id], async () => () => false);
    await store.finishForgetting(async () => () => false);
    age();
    const gc = openBlockStore(at('store'));
    const before = await gc.storedBytes();
    expect(await gc.collectGarbage(unattended)).toMatchObject({ removed: 1, freed: 0 });
    expect(readdirSync(at('store/packs'))).toEqual([]);
    expect(await gc.storedBytes()).toBe(before);
    const now = Date.now();
    expect(await emptyQuarantine(at('store'), now + 29 * 24 * hour)).toBe(0);
    expect(await emptyQuarantine(at('store'), now + 31 * 24 * hour)).toBe(before);
    expect(await gc.storedBytes()).toBe(0);
  });

  it("that cannot be read at all is in nobody's way, but nothing is freed", async () => {
    const id = await keep(randomBytes(100_000));
    const odd = at(`store/packs/${'0'.repeat(32)}.pack`);
    mkdirSync(odd);
    const other = openBlockStore(at('store'));
    expect(await other.check(id, unattended)).toBe('ok');
    const bytes = randomBytes(1000);
    const more = workspace.write('m.pt', bytes);
    await other.put(at('m.pt'), unattended);
    expect((await bytesOf(more, other)).equals(bytes)).toBe(true);
    await expect(other.collectGarbage(unattended)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(odd),
    });
    rmdirSync(odd);
    expect(await other.collectGarbage(unattended)).toMatchObject({ removed: 0 });
  });
});
