import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
});
afterEach(() => workspace.remove());

it('two contents say without reading which of their tensors are the same', async () => {
  const store = openBlockStore(path.join(workspace.folder, 'store'));
  // A header, and two tensors of one block and of three.
  const [frozen, trained] = [randomBytes(300_000), randomBytes(3 * 2 ** 20)];
  const changed = Buffer.from(trained);
  changed[2 ** 21] = (changed[2 ** 21] ?? 0) ^ 1;
  const put = async (name: string, header: string, last: Buffer) => {
    workspace.write(name, Buffer.concat([Buffer.from(header), frozen, last]));
    const starts = [0, header.length, header.length + frozen.length];
    const { id } = await store.put(path.join(workspace.folder, name), unattended, starts);
    return store.access(id);
  };
  const a = await put('a.pt', 'header', trained);
  const b = await put('b.pt', 'another header', changed);
  try {
    const madeOf = (access: typeof a, from: number, length: number) => access.madeOf?.(from, length);
    expect(madeOf(a, 6, frozen.length)).toEqual(expect.any(String));
    expect(madeOf(a, 6, frozen.length)).toBe(madeOf(b, 14, frozen.length));
    const [fromA, fromB] = [6 + frozen.length, 14 + frozen.length];
    expect(madeOf(a, fromA, trained.length)).not.toBe(madeOf(b, fromB, trained.length));
    expect(madeOf(a, fromA, 2 ** 21)).toBe(madeOf(b, fromB, 2 ** 21));
    // Within a block, and beyond the end, nothing is known.
    expect(madeOf(a, 7, 100)).toBeUndefined();
    expect(madeOf(a, fromA, trained.length + 1)).toBeUndefined();
  } finally {
    await a.close();
    await b.close();
  }
});
