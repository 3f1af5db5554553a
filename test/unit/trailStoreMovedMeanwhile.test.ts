import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type * as storeFolder from '../../src/store/storeFolder.ts';
import type * as keepingOutOfGit from '../../src/trail/keepingOutOfGit.ts';
import { elsewhere, model, open, record, store } from '../support/trails.ts';

// Between two steps of one who records, another moves the store.

const meanwhile = vi.hoisted(() => ({
  move: async (): Promise<unknown> => undefined,
  beforeRemoval: async (): Promise<unknown> => undefined,
}));
vi.mock('../../src/trail/keepingOutOfGit.ts', async (original) => {
  const real = await original<typeof keepingOutOfGit>();
  const keepOutOfGit: typeof real.keepOutOfGit = async (...given) => {
    const { move } = meanwhile;
    meanwhile.move = async () => undefined;
    await move();
    await real.keepOutOfGit(...given);
  };
  return { keepOutOfGit };
});
vi.mock('../../src/store/storeFolder.ts', async (original) => {
  const real = await original<typeof storeFolder>();
  const removeContents: typeof real.removeContents = async (store) => {
    await meanwhile.beforeRemoval();
    await real.removeContents(store);
  };
  return { ...real, removeContents };
});

it('what is recorded while the store is moved is in the new place, and so is the store for whoever comes later', async () => {
  const [trail, mover] = [await open(), await open()];
  await record(trail);
  await mover.moveStore(path.join(elsewhere.folder, 'one'), unattended);
  const two = path.join(elsewhere.folder, 'two');
  meanwhile.move = () => mover.moveStore(two, unattended);
  await record(trail);
  for (const one of [trail, mover, await open()]) {
    expect((await one.info()).store).toBe(two);
    expect(await one.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  }
  await record(trail);
  await mover.pack(unattended);
});

it('who is set to a folder that another has just moved the store out of, and removed, makes it anew', async () => {
  const one = path.join(elsewhere.folder, 'one');
  const [trail, mover] = [await open({ storePath: one }), await open()];
  const ids = [await record(trail)];
  await mover.moveStore(path.join(elsewhere.folder, 'two'), unattended);
  expect(existsSync(one)).toBe(false);
  ids.push(await record(trail));
  expect(readdirSync(path.join(one, 'packs'))).toHaveLength(1);
  for (const id of ids) await mover.rollback({ model, version: id }, unattended);
});

const one = (): string => path.join(elsewhere.folder, 'one');
const linked = (): string => path.join(elsewhere.folder, 'linked');

it.each([
  ['another folder', one, one],
  ["the machine's own folder", store, store],
  ['a folder that is set by the name of a link', one, linked],
  ["the machine's own folder by the name of a link", store, linked],
])('what is put into %s just when what is there is removed is not lost', async (_name, place, set) => {
  const mover = await open();
  await record(mover);
  if (place() !== store()) await mover.moveStore(place(), unattended);
  if (set() !== place()) symlinkSync(place(), set(), 'junction');
  // What is not the store's keeps the folder from being removed, which the link would lead nowhere without.
  writeFileSync(path.join(place(), 'notes'), '');
  const trail = await open({ storePath: set() });
  let recorded: Promise<string> | undefined;
  const moved = new Promise<unknown>((resolve, reject) => {
    const isRemoving = new Promise<void>((begin) => {
      meanwhile.beforeRemoval = async () => {
        begin();
        await Promise.race([recorded, sleep(500)]);
      };
    });
    // It has looked before that whether the folder is being left.
    meanwhile.move = async () => {
      mover.moveStore(path.join(elsewhere.folder, 'two'), unattended).then(resolve, reject);
      await isRemoving;
    };
  });
  recorded = record(trail);
  await recorded;
  await moved;
  expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
});
