import { posix } from 'node:path';
import type { ModelPath } from '../core/facts.ts';
import { anyOf } from '../core/globs.ts';
import type { ListedFile } from '../core/listing.ts';
import { isCheckpoint, mayMakeModel, modelDirectory } from '../core/modelDirectories.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { listingId } from '../files/directory.ts';
import type { BlobReader } from './blobs.ts';
import type { HistoryBlob, HistoryCache, HistoryEvent } from './cache.ts';
import { readContents } from './contents.ts';
import type { Git } from './git.ts';
import { asBlob, isTree, type TreeEntry, type TreeFile, Trees } from './trees.ts';

// The history of a model that is a directory is that of its tree: see docs/directories.md.

const treesAtOnce = 64;

export interface DirectoryScope {
  /** Globs relative to the trail root. */
  readonly patterns: readonly string[];
  readonly prefix: string;
}

/** Folders that were a model, or may have been, because of a file in them. */
export function candidatesIn(events: readonly HistoryEvent[], known: readonly ModelPath[]): ModelPath[] {
  const found = new Set(known);
  for (const { path } of events) {
    const folder = posix.dirname(path);
    if (folder !== '.' && mayMakeModel(posix.basename(folder), posix.basename(path))) found.add(folder);
  }
  return [...found];
}

/** What happened to models: to directories in place of what happened to files in them that are no models. */
export async function modelEvents(
  changes: readonly HistoryEvent[],
  candidates: readonly ModelPath[],
  scope: DirectoryScope,
  reader: BlobReader,
): Promise<readonly HistoryEvent[]> {
  const included = anyOf(scope.patterns, { nocase: true });
  const trees = new Trees(reader);
  const directories = new Set(candidates);
  const events: HistoryEvent[] = [];
  for (const event of changes) {
    // What was no model before begins here, whether Git looked where it was or not.
    const isRename = event.from !== undefined && included(event.from);
    if (included(event.path)) events.push(isRename ? event : { ...event, from: undefined });
  }
  for (const [commit, together] of byCommit(changes)) {
    for (const directory of touched(together, directories)) {
      const tree = await modelTree(trees, commit, directory, scope, included);
      if (tree === undefined) continue;
      const from = await renamedFrom(trees, commit, directory, together, directories, scope, included);
      events.push({ commit, path: directory, from, blob: asBlob(tree) });
    }
  }
  return events;
}

function byCommit(events: readonly HistoryEvent[]): Map<string, HistoryEvent[]> {
  const groups = new Map<string, HistoryEvent[]>();
  for (const event of events) {
    const group = groups.get(event.commit);
    if (group) group.push(event);
    else groups.set(event.commit, [event]);
  }
  return groups;
}

function touched(changes: readonly HistoryEvent[], directories: ReadonlySet<ModelPath>): Set<ModelPath> {
  const found = new Set<ModelPath>();
  for (const { path } of changes) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder))
      if (directories.has(folder)) found.add(folder);
  }
  return found;
}

/** The tree of a directory at a commit, if it was a model of its own there. */
async function modelTree(
  trees: Trees,
  commit: string,
  directory: ModelPath,
  scope: DirectoryScope,
  included: (path: string) => boolean,
): Promise<string | undefined> {
  const folder = await folderAt(trees, commit, directory, scope, included);
  return folder?.isModel ? folder.oid : undefined;
}

/** The name of the tree of the trail's root. */
export function topOf(commit: string, prefix: string): string {
  return `${commit}:${prefix.replace(/\/$/, '')}`;
}

interface FolderAt {
  readonly oid: string;
  readonly entries: readonly TreeEntry[];
  readonly isModel: boolean;
}

/** A folder at a commit; undefined when there is none, and when it belongs to the model around it. */
export async function folderAt(
  trees: Trees,
  commit: string,
  path: ModelPath,
  { prefix }: DirectoryScope,
  included: (path: string) => boolean,
): Promise<FolderAt | undefined> {
  const parts = path.split('/');
  let entries = await trees.read(topOf(commit, prefix));
  for (const [index, part] of parts.entries()) {
    const entry = entries?.find(({ name, kind }) => name === part && kind === 'folder');
    entries = entry && (await trees.read(entry.oid));
    if (!entry || !entries) return undefined;
    const folder = parts.slice(0, index + 1).join('/');
    const model = modelDirectory(part, new Set(entries.map(({ name }) => name)));
    const isModel = model?.markers.some((marker) => included(`${folder}/${marker}`)) ?? false;
    const next = parts[index + 1];
    if (next === undefined) return { oid: entry.oid, entries, isModel };
    if (isModel && !isCheckpoint(next)) return undefined;
  }
  return undefined;
}

/** The directory that another was until this commit: files went from there to the same place here, and it is no model any more. */
async function renamedFrom(
  trees: Trees,
  commit: string,
  directory: ModelPath,
  changes: readonly HistoryEvent[],
  directories: ReadonlySet<ModelPath>,
  scope: DirectoryScope,
  included: (path: string) => boolean,
): Promise<ModelPath | undefined> {
  const sources = new Set<ModelPath>();
  for (const { path, from } of changes) {
    const inner = path.startsWith(`${directory}/`) ? path.slice(directory.length) : undefined;
    const source = inner !== undefined && from?.endsWith(inner) ? from.slice(0, -inner.length) : directory;
    if (source !== directory && directories.has(source)) sources.add(source);
  }
  for (const source of sources) {
    if ((await modelTree(trees, commit, source, scope, included)) === undefined) return source;
  }
  return undefined;
}

/** Finds out the identity of every tree that the cache does not know. @returns how many are not on this machine, or have none */
export async function readDirectories(
  git: Git,
  cache: HistoryCache,
  reader: BlobReader,
  operation: Operation,
): Promise<number> {
  const wanted = cache.pendingBlobs().filter(isTree);
  if (wanted.length === 0) return 0;
  const trees = new Trees(reader);
  let missing = 0;
  for (let at = 0; at < wanted.length; at += treesAtOnce) {
    throwIfCancelled(operation);
    const found = new Map<string, readonly TreeFile[]>();
    for (const tree of wanted.slice(at, at + treesAtOnce)) {
      const files = await trees.files(tree.slice(0, -1));
      if (files && files.length > 0) found.set(tree, files);
    }
    const before = cache.snapshot().blobs;
    const blobs = new Set([...found.values()].flat().map(({ blob }) => blob));
    await readContents(
      git,
      cache,
      reader,
      [...blobs].filter((blob) => !before.has(blob)),
      operation,
    );
    const known = cache.snapshot().blobs;
    const directories = [...found].flatMap(([tree, files]) => directoryOf(tree, files, known) ?? []);
    missing += found.size - directories.length;
    cache.putBlobs(directories);
  }
  return missing;
}

function directoryOf(
  tree: string,
  files: readonly TreeFile[],
  known: ReadonlyMap<string, HistoryBlob>,
): HistoryBlob | undefined {
  const listed: ListedFile[] = [];
  let [total, lfs] = [0, false];
  for (const { path, blob } of files) {
    const content = known.get(blob);
    if (!content) return undefined;
    listed.push({ path, size: content.size, id: content.id });
    total += content.size;
    lfs ||= content.lfs;
  }
  return { blob: tree, id: listingId(listed), size: total, lfs, files: listed.length };
}
