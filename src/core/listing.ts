import type { ContentId } from './facts.ts';

/** A file of a directory that is one model. */
export interface ListedFile {
  /** POSIX, relative to the directory. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly id: ContentId;
}

/** More than any model has. */
export const mostFiles = 10_000;
export const deepestFolder = 32;
/** Of a listing: room for that many files with long paths. */
export const mostListingBytes = 16 * 2 ** 20;

/** The text whose SHA-256 is the identity of a directory. */
export function formatListing(files: readonly ListedFile[]): string {
  return [...files]
    .sort((a, b) => comparePaths(a.path, b.path))
    .map(({ path, size, id }) => `${path} ${size} ${id}\n`)
    .join('');
}

/** Undefined for what is no listing. Paths come from whoever made it: none leads out of the directory. */
export function parseListing(text: string): ListedFile[] | undefined {
  if (!text.endsWith('\n')) return undefined;
  const files: ListedFile[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    const [, path, size, id] = /^(.+) (0|[1-9]\d{0,15}) ([0-9a-f]{64})$/.exec(line) ?? [];
    const before = files.at(-1);
    if (path === undefined || id === undefined || !isInnerPath(path)) return undefined;
    if (before && comparePaths(before.path, path) >= 0) return undefined;
    if (files.length >= mostFiles) return undefined;
    files.push({ path, size: Number(size), id });
  }
  return files;
}

/** Whether a file of a directory can have this path, on every platform. */
export function isInnerPath(path: string): boolean {
  if (path.length > 4096 || /[\n\r\0\\]|^[A-Za-z]:/.test(path)) return false;
  return path.split('/').every((part) => {
    // What Windows makes of a name.
    const name = part.replace(/[. ]+$/, '').toLowerCase();
    return name !== '' && !part.startsWith('.') && name !== 'git~1';
  });
}

/** By their bytes, like Git and `LC_ALL=C sort`. */
function comparePaths(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
