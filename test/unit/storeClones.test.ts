import { randomBytes } from 'node:crypto';
import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { at, bytesOf, filesIn, workspace } from '../support/contentStore.ts';
import { mountCloning } from '../support/disks.ts';
import { sha256 } from '../support/workspace.ts';

// Real disks with btrfs and XFS, where what is recorded is read from a clone of the file.

const bytes = randomBytes(9 << 20);
const model = 'disk/m.pt';
const openStore = () => openBlockStore(at('disk/store'));

/** Of a time when nobody would think that it is still being written. */
function train(content: Uint8Array): string {
  const id = workspace.write(model, content);
  utimesSync(at(model), 1000, 1000);
  return id;
}

/** What a training run does that writes its next checkpoint while this one is recorded. */
const overwriting: Record<string, () => void> = {
  'in place': () => {
    const file = openSync(at(model), 'r+');
    writeSync(file, randomBytes(4 << 20), 0, 4 << 20, 5 << 20);
    closeSync(file);
  },
  'by less': () => truncateSync(at(model), 100),
  'with the same size and time': () => {
    writeFileSync(at(model), randomBytes(bytes.length));
    utimesSync(at(model), 1000, 1000);
  },
};

describe.each(['btrfs', 'xfs'] as const)('a store on %s', (kind) => {
  it.for(Object.keys(overwriting))(
    'keeps a file as it was at one moment, though it is overwritten %s',
    async (how, test) => {
      mountCloning(test, kind, at('disk'));
      const id = train(bytes);
      let report = (): void => {
        report = () => {};
        overwriting[how]?.();
      };
      const store = openStore();
      const kept = await store.put(at(model), { signal: unattended.signal, report: () => report() });
      expect(kept).toMatchObject({ id, size: bytes.length });
      expect(bytes.equals(await bytesOf(kept.id, store))).toBe(true);
      expect(readFileSync(at(model)).equals(bytes)).toBe(false);
      expect(filesIn(at('disk/store/tmp'))).toEqual([]);
    },
  );

  it('leaves no clone behind when it is cancelled', async (test) => {
    mountCloning(test, kind, at('disk'));
    train(bytes);
    const controller = new AbortController();
    const operation = { signal: controller.signal, report: () => controller.abort() };
    await expect(openStore().put(at(model), operation)).rejects.toMatchObject({ code: 'cancelled' });
    expect(filesIn(at('disk/store'))).toEqual([]);
  });

  it('that is full takes nothing, says what to do, and stays good', async (test) => {
    mountCloning(test, kind, at('disk'));
    const store = openStore();
    const small = train(randomBytes(1 << 20));
    await store.put(at(model), unattended);
    const before = filesIn(at('disk/store'));
    const { bavail, bsize } = statfsSync(at('disk'));
    train(randomBytes(bavail * bsize * 0.6));
    const outcome = await store.put(at(model), unattended).catch((error: unknown) => error);
    expect(outcome).toMatchObject({
      code: 'io',
      message: expect.stringContaining('is full. Nothing was changed; free some space and try again'),
    });
    expect(filesIn(at('disk/store'))).toEqual(before);
    expect(await store.check(small, unattended)).toBe('ok');
  });

  it('gives the versions of a trail back', async (test) => {
    mountCloning(test, kind, at('disk'));
    const first = train(bytes);
    const trail = await openTrail(at('disk'), defaultSettings, {});
    try {
      await trail.record({ model: 'm.pt' }, unattended);
      const second = train(Buffer.concat([randomBytes(100), bytes]));
      await trail.rollback({ model: 'm.pt', version: first }, unattended);
      expect(sha256(workspace.read(model))).toBe(first);
      rmSync(at(model));
      await trail.rollback({ model: 'm.pt', version: second }, unattended);
      expect(sha256(workspace.read(model))).toBe(second);
    } finally {
      await trail.close();
    }
  });
});
