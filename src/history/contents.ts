import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { isLost } from '../core/errors.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import type { BlobReader } from './blobs.ts';
import type { HistoryBlob, HistoryCache } from './cache.ts';
import type { Git } from './git.ts';
import { maxPointerBytes, parsePointer } from './lfs.ts';
import { gitOutput, splitOutput } from './process.ts';

const reportedBytes = 2 ** 20;
const keptCount = 500;
const keptBytes = 2 ** 26;

/** Finds out the content of blobs. @returns how many are not on this machine */
export async function readContents(
  git: Git,
  cache: Pick<HistoryCache, 'putBlobs'>,
  reader: BlobReader,
  wanted: readonly string[],
  operation: Operation,
): Promise<number> {
  if (wanted.length === 0) return 0;
  const sizes = await readSizes(git, await localObjects(git, wanted, operation.signal), operation.signal);
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const label = l10n.t('Reading versions from Git');
  let known: HistoryBlob[] = [];
  let done = 0;
  let reported = 0;
  let kept = 0;
  let missing = wanted.length - sizes.size;
  operation.report({ label, done, total });

  try {
    for (const [blob, size] of sizes) {
      throwIfCancelled(operation);
      try {
        const hash = createHash('sha256');
        const head: Uint8Array[] = [];
        for await (const chunk of reader.read(blob)) {
          hash.update(chunk);
          if (size < maxPointerBytes) head.push(Buffer.from(chunk));
          done += chunk.length;
          if (done - reported >= reportedBytes) operation.report({ label, done: (reported = done), total });
        }
        const pointer = size < maxPointerBytes ? parsePointer(Buffer.concat(head)) : undefined;
        known.push({ blob, id: hash.digest('hex'), size, ...pointer, lfs: pointer !== undefined });
      } catch (error) {
        // One unreadable object does not hide the others.
        if (!isLost(error)) throw error;
        missing++;
      }
      if (known.length >= keptCount || done - kept >= keptBytes) {
        cache.putBlobs(known);
        known = [];
        kept = done;
      }
    }
  } finally {
    // A scan that is stopped goes on after these.
    cache.putBlobs(known);
  }
  operation.report({ label, done: total, total });
  return missing;
}

/**
 * Which of some objects are here. In a partial clone Git would fetch, or die of, one that is not, so there its list of all objects that
 * it has is looked through.
 */
export async function localObjects(
  git: Git,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  if (!git.partial || wanted.length === 0) return [...wanted];
  const rest = new Set(wanted);
  const args = ['cat-file', '--batch-all-objects', '--unordered', '--buffer', '--batch-check=%(objectname)'];
  const here = new Set<string>();
  for await (const oids of splitOutput(gitOutput(git, args, { signal }), '\n')) {
    for (const oid of oids) if (rest.has(oid)) here.add(oid);
  }
  return wanted.filter((oid) => here.has(oid));
}

/** Bytes of each blob that is here, in the order asked for. */
export async function readSizes(
  git: Git,
  blobs: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  if (blobs.length === 0) return sizes;
  const input = blobs.map((blob) => `${blob}\n`).join('');
  const args = ['cat-file', '--batch-check=%(objectname) %(objectsize)', '--buffer'];
  for await (const lines of splitOutput(gitOutput(git, args, { input, signal }), '\n')) {
    for (const line of lines) {
      const [, blob, size] = /^([0-9a-f]+) (\d+)$/.exec(line) ?? [];
      if (blob !== undefined) sizes.set(blob, Number(size));
    }
  }
  return sizes;
}
