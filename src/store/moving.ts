import { type FileHandle, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { systemCode, TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { shortId } from '../core/shortId.ts';
import { makeDirectory, placeDurably, temporaryBeside, writeNew } from '../files/durable.ts';
import { requireSpace } from '../files/freeSpace.ts';
import { contentOf } from '../files/hash.ts';
import { namesIn } from '../files/namesIn.ts';
import { createDurably } from '../files/safeWrite.ts';
import { setModeIfAllowed } from '../files/ownerOnly.ts';
import { systemError } from '../files/systemError.ts';
import { SequentialWriter } from '../files/sequentialWriter.ts';
import type { BlockStore } from './blockStore.ts';
import { damageMarks, markDamage } from './damageMarks.ts';
import { PackedPacks } from './packedPacks.ts';
import type { Pack } from './packs.ts';
import { quarantined, quarantineName } from './quarantine.ts';
import { readIfWhole } from './recipes.ts';
import { storedContents } from './storedContents.ts';
import { usersName } from './storeFolder.ts';

const packMode = 0o444;

export interface Copied {
  /** What was in the first store; what came since is not. */
  readonly ids: readonly ContentId[];
  readonly bytes: number;
}

/**
 * Copies what another store lacks: packs first, then the recipes that were there before them, those that are moved aside too, and who
 * uses it. What is damaged comes along as it is: its blocks may still be wanted, and while one of them cannot be read nothing is removed.
 * Both stores are to be locked.
 */
export async function copyStore(from: BlockStore, to: BlockStore, operation: Operation): Promise<Copied> {
  await makeDirectory(to.temporaries);
  const ids = new Set<ContentId>();
  // One that is moved back just now is where we have looked before.
  for (const folder of [from, from.recipes.forgotten, from.recipes])
    for await (const id of folder.list()) ids.add(id);
  await Promise.all([from.packs.scan(), to.packs.scan()]);
  const known = new Set(to.packs.list().map(({ id }) => id));
  const missing = from.packs.list().filter(({ id }) => !known.has(id));
  const total = missing.reduce((sum, { size }) => sum + size, 0);
  await requireSpace(to.directory, total);
  let done = 0;
  for (const pack of missing) {
    await copyPack(from, pack, to, {
      signal: operation.signal,
      report: (progress) => operation.report({ ...progress, done: done + progress.done, total }),
    });
    done += pack.size;
  }
  const packed = await PackedPacks.read(from);
  await to.packs.scan();
  await (await PackedPacks.read(to)).add([...packed.ids]);
  for (const id of ids) {
    throwIfCancelled(operation);
    if (!(await readIfWhole(to.recipes, id))) await copyRecipe(from, to, id, operation);
  }
  for await (const id of from.whole.forgotten.list()) {
    ids.add(id);
    await copyFile(from.whole.forgotten.fileOf(id), to.whole.forgotten.fileOf(id), to, operation);
  }
  for (const { file } of await quarantined(from.directory))
    await copyFile(file, path.join(to.directory, quarantineName, path.basename(file)), to, operation);
  await copyUsers(from, to);
  return { ids: [...ids], bytes: done };
}

/**
 * Reads what was copied.
 * @param verified what need not be read again; what is whole is added
 * @returns whether all that was in the first store is whole in the second
 * @throws TrailError `damaged` when something is whole in the first only
 */
export async function verifyCopy(
  from: BlockStore,
  to: BlockStore,
  ids: readonly ContentId[],
  verified: Set<ContentId>,
  operation: Operation,
): Promise<boolean> {
  let isWhole = true;
  for (const id of ids) {
    if (verified.has(id)) continue;
    if (await isReadable(to, id, operation)) verified.add(id);
    else if (!(await isReadable(from, id, operation))) isWhole = false;
    else {
      throw new TrailError(
        'damaged',
        l10n.t(
          'The copy of version {0} in {1} is damaged. The store is still where it was.',
          shortId(id),
          to.directory,
        ),
      );
    }
  }
  return isWhole;
}

/** What one of them forgets stays for the others, wherever the store is. */
async function copyUsers(from: BlockStore, to: BlockStore): Promise<void> {
  const folder = path.join(from.directory, usersName);
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.json')) continue;
    await createDurably(path.join(to.directory, usersName, name), await readFile(path.join(folder, name)));
  }
}

async function copyPack(
  from: BlockStore,
  { id, file, size }: Pack,
  to: BlockStore,
  operation: Operation,
): Promise<void> {
  const label = l10n.t('Copying the store to {0}', to.directory);
  const temporary = temporaryBeside(path.join(to.temporaries, `${id}.pack`));
  try {
    await writeNew(temporary, async (handle) => {
      await copyInto(handle, file, size, {
        ...operation,
        report: (progress) => operation.report({ ...progress, label }),
      });
      await setModeIfAllowed(handle, packMode);
    });
    await to.packs.add([{ id, file: temporary }]);
    // Not all that is in a pack is read to verify the copy.
    for (const offset of await damageMarks(from.packs.folder, id)) markDamage(to.packs.folder, id, offset);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function copyInto(handle: FileHandle, file: string, size: number, operation: Operation): Promise<void> {
  const writer = await SequentialWriter.open(handle, size);
  let done = 0;
  try {
    for await (const chunk of contentOf(file)) {
      throwIfCancelled(operation);
      await writer.write(chunk);
      operation.report({ label: '', done: (done += chunk.length), total: size });
    }
    await writer.end();
  } finally {
    await writer.close();
  }
}

/** One that is moved aside stays so: it may be wanted again. It may be moved there, or back, at any moment. */
async function copyRecipe(
  from: BlockStore,
  to: BlockStore,
  id: ContentId,
  operation: Operation,
): Promise<void> {
  const recipe = await readIfWhole(from.recipes, id);
  if (recipe) return to.recipes.write(id, recipe);
  const forgotten = await readIfWhole(from.recipes.forgotten, id);
  if (forgotten) return to.recipes.forgotten.write(id, forgotten);
  const back = await readIfWhole(from.recipes, id);
  if (back) return to.recipes.write(id, back);
  await copyFile(from.recipes.fileOf(id), to.recipes.fileOf(id), to, operation);
  await copyFile(from.recipes.forgotten.fileOf(id), to.recipes.forgotten.fileOf(id), to, operation);
}

/** As it is; not one that is gone, nor where there is one already. */
async function copyFile(file: string, copy: string, to: BlockStore, operation: Operation): Promise<void> {
  const size = await sizeOf(file);
  if (size === undefined || (await sizeOf(copy)) !== undefined) return;
  await placeDurably(copy, to.temporaries, (handle) => copyInto(handle, file, size, operation));
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw systemError(error, file);
  }
}

/** Whether all of a content is in a store, and whole, be it moved aside or not. */
async function isReadable(store: BlockStore, id: ContentId, operation: Operation): Promise<boolean> {
  if ((await store.check(id, operation)) === 'ok') return true;
  const { packs, recipes, whole } = store;
  const forgotten = storedContents({ packs, recipes: recipes.forgotten }, whole.forgotten);
  return (await forgotten.check(id, operation)) === 'ok';
}
