import { deepestFolder, isInnerPath, mostFiles } from '../core/listing.ts';
import { isPartOfModel } from '../core/modelDirectories.ts';
import { BlobReader } from './blobs.ts';
import type { GitProgram } from './environment.ts';

export interface TreeEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly oid: string;
}

/** A file in the tree of a model. */
export interface TreeFile {
  /** Relative to the tree. */
  readonly path: string;
  readonly blob: string;
}

const maxTreeBytes = 2 ** 24;
/** Of all trees that are kept. */
const mostEntries = 200_000;
/** No model has as many folders as it can have files; trees that have each other in them again and again can. */
const mostFolders = mostFiles;

/** What stands for a tree where blobs are spoken of. */
export function asBlob(tree: string): string {
  return `${tree}/`;
}

export function isTree(blob: string): boolean {
  return blob.endsWith('/');
}

/** Reads trees, each once. */
export class Trees {
  readonly #reader: BlobReader;
  readonly #kept = new Map<string, readonly TreeEntry[]>();
  #entries = 0;

  constructor(reader: BlobReader) {
    this.#reader = reader;
  }

  /** Named by its oid or as `<commit>:<path>`; undefined when there is none. */
  async read(object: string): Promise<readonly TreeEntry[] | undefined> {
    const known = this.#kept.get(object);
    // The process is asked by lines.
    if (known || object.includes('\n')) return known;
    const oidBytes = (object.indexOf(':') === -1 ? object.length : object.indexOf(':')) / 2;
    const tree = await this.#reader.small(object, maxTreeBytes);
    if (!tree) return undefined;
    const entries = parseTree(tree, oidBytes);
    this.#keep(object, entries);
    return entries;
  }

  #keep(object: string, entries: readonly TreeEntry[]): void {
    this.#kept.set(object, entries);
    this.#entries += entries.length + 1;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#entries <= mostEntries) break;
      this.#kept.delete(oldest);
      this.#entries -= length + 1;
    }
  }

  /** The files of a model in a tree; undefined when a commit with that tree does not say what its model was. */
  async files(tree: string): Promise<readonly TreeFile[] | undefined> {
    const files: TreeFile[] = [];
    const waiting = [{ path: '', oid: tree }];
    let folders = 0;
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const entries = await this.read(folder.oid);
      if (!entries || ++folders > mostFolders || folder.path.split('/').length > deepestFolder)
        return undefined;
      for (const { name, kind, oid } of entries) {
        if (!isPartOfModel(name)) continue;
        const path = folder.path === '' ? name : `${folder.path}/${name}`;
        if (kind === 'folder') waiting.push({ path, oid });
        // Where a link led to is not in the tree.
        if (kind === 'link') return undefined;
        if (kind !== 'file') continue;
        files.push({ path, blob: oid });
        if (files.length > mostFiles || !isInnerPath(path)) return undefined;
      }
    }
    return files;
  }
}

/** The files of a model, given the "blob" of its version. */
export async function treeFiles(git: GitProgram, blob: string): Promise<readonly TreeFile[] | undefined> {
  if (!isTree(blob)) return undefined;
  const reader = new BlobReader(git);
  try {
    return await new Trees(reader).files(blob.slice(0, -1));
  } finally {
    reader.dispose();
  }
}

/** A tree object: `<mode> <name>\0<oid>` again and again. */
function parseTree(tree: Buffer, oidBytes: number): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < tree.length;) {
    const space = tree.indexOf(0x20, at);
    const end = tree.indexOf(0, space);
    if (space === -1 || end === -1) break;
    const next = end + 1 + oidBytes;
    const kind = kindOf(tree.toString('latin1', at, space));
    entries.push({
      name: tree.toString('utf8', space + 1, end),
      kind,
      oid: tree.toString('hex', end + 1, next),
    });
    at = next;
  }
  return entries;
}

function kindOf(mode: string): TreeEntry['kind'] {
  if (mode.startsWith('100')) return 'file';
  if (mode === '40000') return 'folder';
  return mode === '120000' ? 'link' : 'other';
}
