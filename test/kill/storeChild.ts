import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { unattended } from '../../src/core/operation.ts';
import { replaceWithContent } from '../../src/files/safeWrite.ts';
import { stampOf } from '../../src/files/stamp.ts';
import { Journal } from '../../src/journal/journal.ts';
import { reserveNumber } from '../../src/journal/numbers.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';

/**
 * What `store.test.ts` kills: `node storeChild.ts FOLDER NAME RECORDS [ID...]` records RECORDS contents, one after the other, and
 * says each id when it is recorded; at the same time, it puts the contents with the given ids into `target.pt` in turn, and turns the
 * whole files that it finds in the store into blocks.
 */

const [folder = '', name = '', records = '', ...targets] = process.argv.slice(2);
const store = openBlockStore(path.join(folder, 'store'));
const journal = new Journal(path.join(folder, 'journal'));
const sizes = [0, 1, 70_000, 1 << 20, (3 << 20) + 1, 8 << 20];
/** A part that contents have in common, wherever it is in them. */
const shared = Buffer.from(
  Uint32Array.from({ length: 150_000 }, (_, index) => Math.imul(index, 0x9e37_79b1)).buffer,
);

const recorded = new AbortController();

async function record(): Promise<void> {
  const file = path.join(folder, `${name}.pt`);
  for (let round = 0; round < Number(records); round++) {
    // Every other content is the same for all that run at once, the size of the others is between nothing and a lot.
    const common = round % 2 === 0;
    const size = common ? 50_000 : (sizes[(round >> 1) % sizes.length] ?? 0);
    const own = common ? Buffer.alloc(size, `common ${round}`) : randomBytes(size);
    await writeFile(file, round % 3 === 0 ? own : Buffer.concat([own, shared]));
    const { id, size: kept } = await store.put(file, unattended);
    const number = await reserveNumber(path.join(folder, 'store'), '', 'm.pt', id, new Set());
    await journal.append({ kind: 'recorded', by: { name }, model: 'm.pt', version: id, size: kept, number });
    console.log(id);
  }
}

async function replace(): Promise<void> {
  const target = path.join(folder, 'target.pt');
  while (!recorded.signal.aborted) {
    for (const id of targets) {
      const wanted = {
        id,
        size: await store.sizeOf(id),
        expected: await stampOf(target),
        model: 'target.pt',
      };
      await replaceWithContent(target, store.open(id), wanted, unattended);
    }
  }
}

console.log('ready');
const recording = record().then(() => recorded.abort());
await Promise.all([recording, targets.length > 0 && replace(), store.migrate(unattended)]);
