import { randomBytes, randomInt } from 'node:crypto';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import { hashFile } from '../../src/files/hash.ts';
import { removeStaleTemps } from '../../src/files/staleTemps.ts';
import { Journal } from '../../src/journal/journal.ts';
import { type BlockStore, openBlockStore } from '../../src/store/blockStore.ts';
import { LiveBlocks } from '../../src/store/liveBlocks.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';
import { type Child, startChild } from './child.ts';
import { roundsOr } from './rounds.ts';

/** Of processes that are killed. */
const rounds = roundsOr(100);
/** With a store of their own each. */
const parts = Array.from({ length: Math.ceil(rounds / 25) }, (_, part) => part);
const script = path.join(import.meta.dirname, 'storeChild.ts');

let workspace: Workspace;
let store: BlockStore;
let journal: Journal;
/** Contents found whole; what is in the store does not change, so each is read once. */
let verified: Set<ContentId>;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
  store = openBlockStore(at('store'));
  journal = new Journal(at('journal'));
  verified = new Set();
});
afterEach(() => workspace.remove());
const at = (name: string): string => path.join(workspace.folder, name);
const isTemporary = (name: string): boolean => name.endsWith('.modeltrail-tmp');

/** Everything that is in the journal and in the store is whole, and everything that `children` said is there. */
async function expectWhole(...children: Child[]): Promise<void> {
  const { facts, problems } = await journal.read(await journal.list());
  expect(problems).toEqual([]);
  const recorded = new Set<ContentId>();
  const numbers = new Map<number, ContentId>();
  for (const { fact } of facts) {
    if (fact.kind !== 'recorded') throw new Error(`nobody wrote a ${fact.kind}`);
    recorded.add(fact.version);
    expect(numbers.get(fact.number) ?? fact.version).toBe(fact.version);
    numbers.set(fact.number, fact.version);
  }
  for (const { lines } of children) for (const id of lines.slice(1)) expect(recorded).toContain(id);
  const kept = new Set<ContentId>();
  for await (const id of store.list()) {
    kept.add(id);
    if (!verified.has(id)) expect(await store.check(id, unattended)).toBe('ok');
    verified.add(id);
  }
  for (const id of recorded) expect(kept).toContain(id);
  expect(store.packs.damages).toEqual([]);
}

/** Puts a content into the store as its first layout did. @returns its id */
function oldObject(bytes: Uint8Array): ContentId {
  const id = sha256(bytes);
  return workspace.write(`store/objects/${id.slice(0, 2)}/${id}`, bytes);
}

/** Names that are in a folder and should not be, when all that was left behind for an hour has been removed. */
async function strangersIn(folder: string, ...known: string[]): Promise<string[]> {
  for (const name of readdirSync(folder).filter(isTemporary)) utimesSync(path.join(folder, name), 1000, 1000);
  await removeStaleTemps(folder);
  return readdirSync(folder).filter((name) => !known.includes(name));
}

describe('processes that are killed', () => {
  it.each(parts)(
    `lose no version and leave no half-written file (25 of ${rounds} kills: %i)`,
    async (part) => {
      const targets: ContentId[] = [];
      for (const text of ['one', 'other']) {
        workspace.write('target.pt', Buffer.concat([Buffer.from(text), randomBytes((4 << 20) + part)]));
        targets.push((await store.put(at('target.pt'), unattended)).id);
      }
      const old = [0, 1000, 2_000_000, 9_000_000].map((size) => oldObject(randomBytes(size)));
      let recorded = 0;
      let inodes = 0;
      for (let kill = 0; kill < 25; kill++) {
        const before = statSync(at('target.pt')).ino;
        const child = startChild(script, workspace.folder, `${part}-${kill}`, '1000', ...targets);
        await child.killAfter(1 + randomInt(4), 40);
        await expectWhole(child);
        for (const id of old) expect(verified).toContain(id);
        const target = await hashFile(at('target.pt'), unattended, '');
        expect(targets).toContain(target.id);
        recorded += child.lines.length - 1;
        if (statSync(at('target.pt')).ino !== before) inodes++;
      }
      // Else they were killed before they did anything.
      expect(recorded).toBeGreaterThan(10);
      expect(inodes).toBeGreaterThan(2);
      await store.migrate(unattended);
      verified.clear();
      await expectWhole();
      const models = Array.from({ length: 25 }, (_, kill) => `${part}-${kill}.pt`);
      expect(await strangersIn(workspace.folder, 'journal', 'store', 'target.pt', ...models)).toEqual([]);
      expect(await strangersIn(at('store/tmp'))).toEqual([]);
      const packs = readdirSync(at('store/packs'));
      expect(packs.filter((name) => !/^[0-9a-f]{32}\.pack$/.test(name))).toEqual([]);
      expect(readdirSync(at('store/objects'), { recursive: true }).filter((name) => name.length > 2)).toEqual(
        [],
      );
    },
  );
});

describe('four processes at once', () => {
  it('record 50 versions each, turn whole files into blocks, and lose none', async () => {
    const old = [0, 1000, 2_000_000, 9_000_000].map((size) => oldObject(randomBytes(size)));
    const children = ['a', 'b', 'c', 'd'].map((name) => startChild(script, workspace.folder, name, '50'));
    await Promise.all(children.map(({ done }) => done));
    for (const { lines } of children) expect(lines).toHaveLength(51);
    await expectWhole(...children);
    for (const id of old) expect(verified).toContain(id);
    expect(await journal.list()).toHaveLength(200);
    expect(readdirSync(at('store/tmp'))).toEqual([]);
    // What several of them recorded at the same moment may be in several packs, but it is found whole in each.
    const { packs, recipes } = openBlockStore(at('store'));
    const live = await LiveBlocks.find(packs, recipes, unattended);
    for (let block = 0; block < packs.table.count; block++) expect(live.isNamed(block)).toBe(true);
  });
});
