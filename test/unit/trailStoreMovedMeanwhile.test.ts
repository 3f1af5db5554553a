import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type * as keepingOutOfGit from '../../src/trail/keepingOutOfGit.ts';
import { elsewhere, open, record } from '../support/trails.ts';

// Between two steps of one who records, another moves the store.

const meanwhile = vi.hoisted(() => ({ move: async (): Promise<unknown> => undefined }));
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
