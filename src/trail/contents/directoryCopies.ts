import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf } from '../../core/errors.ts';
import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { ListedFile } from '../../core/listing.ts';
import { modelDirectory } from '../../core/modelDirectories.ts';
import { type Operation, throwIfCancelled } from '../../core/operation.ts';
import type { WorkingCopy } from '../../core/versions.ts';
import { type DirectoryFile, directoryFiles, directoryStamp, listingId } from '../../files/directory.ts';
import { changedWhileRead, hashFile } from '../../files/hash.ts';
import { type FileStamp, isUntouched, sameStamp } from '../../files/stamp.ts';
import { type LfsPointer, maxPointerBytes, parsePointer } from '../../history/lfs.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath } from '../paths.ts';
import { compare, guess, pointerState, seen } from './workingState.ts';

// The working copy of a model that is a directory: see docs/directories.md.

/** A directory as it was at one moment. */
export interface ListedDirectory {
  readonly id: ContentId;
  /** Of its files together, in bytes. */
  readonly size: number;
  readonly stamp: FileStamp;
  readonly files: readonly ListedFile[];
}

/** A pointer is no shorter. */
const minPointerBytes = 100;

/** Whether there is a directory at a model's path that is a model. */
export async function isModelDirectory(context: TrailContext, model: ModelPath): Promise<boolean> {
  const names = await readdir(absolutePath(context.root, model)).catch(() => undefined);
  if (!names) return false;
  if (modelDirectory(path.posix.basename(model), new Set(names))) return true;
  return context.catalogue.versionsOf(model).some(({ files }) => files !== undefined);
}

/** What can be said of it without reading it; undefined for what is no directory that is a model. */
export async function lookAtDirectory(
  context: TrailContext,
  model: ModelPath,
): Promise<WorkingCopy | undefined> {
  if (!(await isModelDirectory(context, model))) return undefined;
  let found: readonly DirectoryFile[];
  try {
    found = await directoryFiles(absolutePath(context.root, model));
  } catch (error) {
    return { state: 'unreadable', problem: messageOf(error) };
  }
  const files = found.length;
  if (files === 0) return { state: 'missing' };
  const stamp = directoryStamp(found);
  const pointers = await pointersIn(context, model, found);
  if (pointers.length > 0) return { ...seen(stamp), files, ...(await pointerState(context, pointers)) };
  const known = context.stamps.contentOf(model, stamp);
  return { ...(known ? compare(context, model, known, stamp) : guess(context, model, stamp)), files };
}

interface SeenPointers {
  readonly stamp: FileStamp;
  readonly found: readonly LfsPointer[];
}

/** Small files are not read each time that somebody looks. */
const seenPointers = new WeakMap<TrailContext, Map<ModelPath, SeenPointers>>();

async function pointersIn(
  context: TrailContext,
  model: ModelPath,
  files: readonly DirectoryFile[],
): Promise<readonly LfsPointer[]> {
  const known = seenPointers.get(context) ?? new Map<ModelPath, SeenPointers>();
  seenPointers.set(context, known);
  const stamp = directoryStamp(files);
  const before = known.get(model);
  if (before && isUntouched(before.stamp, stamp)) return before.found;
  const found = await findPointers(absolutePath(context.root, model), files);
  known.set(model, { stamp, found });
  return found;
}

async function findPointers(directory: string, files: readonly DirectoryFile[]): Promise<LfsPointer[]> {
  const pointers: LfsPointer[] = [];
  for (const { path: inner, stamp } of files) {
    if (stamp.size < minPointerBytes || stamp.size >= maxPointerBytes) continue;
    const bytes = await readFile(path.join(directory, inner)).catch(() => undefined);
    const pointer = bytes && parsePointer(bytes);
    if (pointer) pointers.push(pointer);
  }
  return pointers;
}

/** Hashes the files of a directory that changed. @throws TrailError like `hashFile` */
export function hashDirectory(
  context: TrailContext,
  model: ModelPath,
  operation: Operation,
): Promise<ListedDirectory> {
  return listDirectory(context, model, operation, async (inner, stamp, within) => {
    const known = context.stamps.contentOf(inner, stamp);
    if (known) return known;
    const hashed = await hashFile(absolutePath(context.root, inner), within, inner);
    context.stamps.remember(inner, hashed.stamp, hashed.id);
    return hashed.id;
  });
}

/**
 * Finds out the content of each file in turn, and makes sure that the directory was one and the same all the while.
 * @throws TrailError `refused` when it was not; `cancelled`
 */
export async function listDirectory(
  context: TrailContext,
  model: ModelPath,
  operation: Operation,
  contentOf: (inner: ModelPath, stamp: FileStamp, within: Operation) => Promise<ContentId>,
): Promise<ListedDirectory> {
  const directory = absolutePath(context.root, model);
  const found = await directoryFiles(directory);
  const stamp = directoryStamp(found);
  const label = l10n.t('Reading {0}', model);
  const files: ListedFile[] = [];
  let before = 0;
  for (const file of found) {
    throwIfCancelled(operation);
    const from = before;
    const within: Operation = {
      signal: operation.signal,
      report: ({ done }) => operation.report({ label, done: from + done, total: stamp.size }),
    };
    const id = await contentOf(`${model}/${file.path}`, file.stamp, within);
    files.push({ path: file.path, size: file.stamp.size, id });
    before += file.stamp.size;
  }
  if (!sameStamp(stamp, directoryStamp(await directoryFiles(directory)))) throw changedWhileRead(directory);
  const id = listingId(files);
  rememberDirectory(context, model, found, id);
  return { id, size: stamp.size, stamp, files };
}

/** A directory is known again if each of its files is. */
export function rememberDirectory(
  { stamps }: TrailContext,
  model: ModelPath,
  found: readonly DirectoryFile[],
  id: ContentId,
): void {
  const isKnown = ({ path: inner, stamp }: DirectoryFile): boolean =>
    stamps.contentOf(`${model}/${inner}`, stamp) !== undefined;
  if (found.every(isKnown)) stamps.remember(model, directoryStamp(found), id);
}
