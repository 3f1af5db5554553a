import { readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import { type BlockStore, openBlockStore } from '../../src/store/blockStore.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';

// A store in a folder of its own, for each test of whoever imports this.

export let workspace: Workspace;
export let store: BlockStore;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
  store = openBlockStore(at('store'));
});
afterEach(() => workspace.remove());

export const at = (name: string): string => path.join(workspace.folder, name);
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

export const hour = 3_600_000;

export async function keep(bytes: Uint8Array, starts?: readonly number[]): Promise<ContentId> {
  const id = workspace.write('m.pt', bytes);
  await store.put(at('m.pt'), unattended, starts);
  return id;
}

/** As if nobody had touched the packs for some time. */
export function age(ms = 2 * hour): void {
  const then = new Date(Date.now() - ms);
  for (const name of readdirSync(at('store/packs'))) utimesSync(at(`store/packs/${name}`), then, then);
}

export async function bytesOf(id: ContentId, from = store): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of from.open(id)) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

export async function listed(from = store): Promise<ContentId[]> {
  const ids: ContentId[] = [];
  for await (const id of from.list()) ids.push(id);
  return ids;
}
