import type * as fileSystem from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { at, store, workspace } from '../support/contentStore.ts';

// The real calls, so that something can happen between two of them.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fileSystem>();
  return { ...real, readdir: vi.fn(real.readdir) };
});

it('a content whose pack came after the packs were listed is read, also by who asks while they are looked at', async () => {
  const bytes = randomBytes(100_000);
  const reader = openBlockStore(at('store'));
  const scan = vi.spyOn(reader.packs, 'scan');
  const readAll = async (id: ContentId): Promise<Uint8Array> => {
    const access = await reader.access(id);
    return access.read(0, bytes.length).finally(() => access.close());
  };
  let reading: Promise<Uint8Array> | undefined;
  vi.mocked(readdir).mockImplementationOnce(async () => {
    // Nothing was listed.
    const id = workspace.write('m.pt', bytes);
    await store.put(at('m.pt'), unattended);
    reading = readAll(id);
    reading.catch(() => {});
    await expect.poll(() => scan.mock.calls.length).toBe(2);
    return [];
  });
  await reader.packs.scan();
  expect(bytes.equals((await reading) ?? Buffer.of())).toBe(true);
});
