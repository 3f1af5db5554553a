import { randomBytes } from 'node:crypto';
import { statSync, utimesSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { age, at, hour, keep, store } from '../support/contentStore.ts';

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
