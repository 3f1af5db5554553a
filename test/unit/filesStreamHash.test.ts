import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createStreamHash } from '../../src/files/streamHash.ts';
import { sha256 } from '../support/workspace.ts';

const large = 64 << 20;

/** Random bytes in shared memory. */
function shared(bytes: number): Uint8Array {
  const memory = new Uint8Array(new SharedArrayBuffer(bytes));
  memory.set(randomBytes(bytes));
  return memory;
}

describe('the hash of a stream', () => {
  it.each([
    ['here', 10],
    ['on its thread', large],
  ])('%s is that of the bytes in their order', async (_, size) => {
    const hash = createStreamHash(size);
    const pieces = [shared(1 << 20), randomBytes(70_000).subarray(5, 60_000), shared(1), new Uint8Array(0)];
    const taken = pieces.map((piece) => hash.update(piece));
    expect(await hash.digest()).toBe(sha256(Buffer.concat(pieces)));
    await Promise.all(taken);
    hash.dispose();
  });

  it('does not mix streams, and another may be dropped half way', async () => {
    const [one, two, dropped] = [createStreamHash(large), createStreamHash(large), createStreamHash(large)];
    const bytes = shared(1 << 20);
    await Promise.all([
      one.update(bytes),
      dropped.update(bytes),
      two.update(Buffer.from('two')),
      one.update(bytes),
    ]);
    dropped.dispose();
    expect(await two.digest()).toBe(sha256('two'));
    expect(await one.digest()).toBe(sha256(Buffer.concat([bytes, bytes])));
    one.dispose();
    two.dispose();
  });

  it('runs beside the thread that asks', async () => {
    const hash = createStreamHash(large);
    await hash.update(shared(1));
    let turns = 0;
    const bytes = shared(32 << 20);
    const state = { done: false };
    const hashing = hash.update(bytes).then(() => (state.done = true));
    for (; !state.done; turns++) await new Promise(setImmediate);
    await hashing;
    // In one turn if the thread that asks did it.
    expect(turns).toBeGreaterThan(2);
    hash.dispose();
  });
});
