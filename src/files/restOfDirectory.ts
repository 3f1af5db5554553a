import { lstat, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { systemCode, TrailError } from '../core/errors.ts';
import { isPartOfModel } from '../core/modelDirectories.ts';
import { directoryFiles } from './directory.ts';
import { renameOver, syncDirectory } from './durable.ts';

// What is in the directory of a model and is no part of it: hidden files, checkpoints of a trainer. Nobody has kept that.

const mostNamed = 5;

interface Rest {
  /** Paths relative to the directory, with `/`. */
  readonly entries: readonly string[];
  readonly emptyFolders: readonly string[];
}

async function restOf(directory: string): Promise<Rest> {
  const files = new Set((await directoryFiles(directory)).map(({ path: inner }) => inner));
  const [entries, emptyFolders]: [string[], string[]] = [[], []];
  const folders = [''];
  for (const folder of folders) {
    const found = await readdir(path.join(directory, folder), { withFileTypes: true });
    if (found.length === 0 && folder !== '') emptyFolders.push(folder);
    for (const entry of found) {
      const inner = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (files.has(inner)) continue;
      if (entry.isDirectory() && isPartOfModel(entry.name)) folders.push(inner);
      else entries.push(inner);
    }
  }
  return { entries, emptyFolders };
}

export async function hasRest(directory: string): Promise<boolean> {
  const { entries, emptyFolders } = await restOf(directory);
  return entries.length + emptyFolders.length > 0;
}

/** @throws TrailError `refused`, naming what is there and would have no place in a file */
export async function requireNoRest(directory: string): Promise<void> {
  const { entries } = await restOf(directory);
  if (entries.length > 0) throw noPlace(directory, entries);
}

/**
 * Moves the rest of a directory to the one that is in its place now.
 * @param moved is given what was moved, before all of it is
 * @throws TrailError `refused` when something is in the way there; what the system says
 */
export async function moveRest(old: string, target: string, moved: string[] = []): Promise<void> {
  if (!(await lstat(old).catch(() => undefined))?.isDirectory()) return;
  const { entries, emptyFolders } = await restOf(old);
  if ((await lstat(target).catch(() => undefined))?.isDirectory() === false) {
    if (entries.length > 0) throw noPlace(old, entries);
    return;
  }
  // One that would lie where a file has come is no loss.
  for (const inner of emptyFolders) await hasFolder(path.join(target, inner));
  for (const inner of entries) {
    const [from, to] = [path.join(old, inner), path.join(target, inner)];
    if (!(await hasFolder(path.dirname(to)))) throw inTheWay(from, path.dirname(to));
    if (await lstat(to).catch(() => undefined)) throw inTheWay(from, to);
    await renameOver(from, to);
    moved.push(inner);
  }
  for (const folder of new Set(moved.map((inner) => path.dirname(inner))))
    await syncDirectory(path.join(target, folder));
}

/** Takes back what `moveRest` did. */
export async function moveRestBack(old: string, target: string, moved: readonly string[]): Promise<void> {
  for (const inner of moved) await renameOver(path.join(target, inner), path.join(old, inner));
}

/** Makes a folder. @returns false when a file is in the way */
async function hasFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    return true;
  } catch (error) {
    if (['EEXIST', 'ENOTDIR'].includes(systemCode(error) ?? '')) return false;
    throw error;
  }
}

function inTheWay(from: string, to: string): TrailError {
  return new TrailError('refused', l10n.t('{0} could not be moved: {1} is there already.', from, to));
}

function noPlace(directory: string, entries: readonly string[]): TrailError {
  const named = entries.slice(0, mostNamed).join(', ');
  return new TrailError(
    'refused',
    l10n.t(
      '{0} has files that are no part of the model and would have no place any more: {1}. Move them elsewhere, then try again.',
      directory,
      entries.length > mostNamed ? `${named}, …` : named,
    ),
  );
}
