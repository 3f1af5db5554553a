import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { BlockTable } from '../../src/store/blockTable.ts';
import { BlockUses } from '../../src/store/blockUses.ts';
import { recordHeaderBytes } from '../../src/store/packFormat.ts';
import { at, store, workspace } from '../support/contentStore.ts';

const blocks = 12;
const sizes = Array.from({ length: blocks }, (_, block) => 1000 + 2 ** block);

function table(): BlockTable {
  const made = new BlockTable();
  for (const stored of sizes) {
    const place = { offset: 0, stored, raw: stored, encoding: 0, base: undefined };
    made.add({ hash: randomBytes(32), ...place }, 0);
  }
  return made;
}

const bytesOf = (some: Iterable<number>): number =>
  [...some].reduce((sum, block) => sum + recordHeaderBytes + (sizes[block] ?? 0), 0);

it('what contents take, alone and together, is what sets of their blocks say', () => {
  const content = fc.array(fc.nat({ max: blocks - 1 }), { maxLength: 20 });
  const chosen = fc.array(fc.array(fc.nat({ max: 7 }), { minLength: 1 }), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 8 }), chosen, (contents, questions) => {
      const uses = new BlockUses(table());
      expect(contents.map((each) => uses.add(each))).toEqual([...contents.keys()]);
      const sets = contents.map((each) => new Set(each));
      const takenBy = (numbers: readonly number[]) => {
        const stored = new Set(numbers.flatMap((number) => [...(sets[number] ?? [])]));
        const others = sets.filter((_, number) => !numbers.includes(number));
        const own = [...stored].filter((block) => !others.some((other) => other.has(block)));
        return { stored: bytesOf(stored), own: bytesOf(own) };
      };
      expect(uses.ofEach()).toEqual(contents.map((_, number) => takenBy([number])));
      for (const question of questions) {
        const numbers = [...new Set(question)].filter((number) => number < contents.length);
        const among = uses.among();
        for (const number of numbers) among.add(contents[number] ?? []);
        expect(among.bytes()).toEqual(takenBy(numbers));
        among.end();
      }
    }),
  );
});

it('what two contents take together is known also when one is moved aside meanwhile', async () => {
  const shared = randomBytes(2 << 20);
  const ids = ['a.pt', 'b.pt'].map((name) =>
    workspace.write(name, Buffer.concat([shared, randomBytes(1000)])),
  );
  for (const name of ['a.pt', 'b.pt']) await store.put(at(name), unattended);
  const shares = await store.shares(unattended);
  const before = await shares.own(ids, unattended);
  expect(before).toBeGreaterThan(shared.length);
  await store.forget([ids[0] ?? ''], async () => () => false);
  expect(await shares.own(ids, unattended)).toBe(before);
});
