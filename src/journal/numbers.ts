import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ContentId, ModelPath } from '../core/facts.ts';
import { mapBounded } from '../files/mapBounded.ts';
import { createCache } from '../files/safeWrite.ts';
import { namesIn } from '../files/namesIn.ts';

/**
 * Reserves the n of `vN` for a content of a model: a file named by the number, which only one process can create. A content that
 * has a number reserved gets the same again, in whatever branch, so that it has one number when the branches are merged. It need not last
 * longer than the fact that gives the number, for which the disk is waited for.
 * @param directory the store's folder
 * @param trail what tells the trail from others that share the store's folder
 * @param taken the numbers that the journal has given
 * @throws TrailError `io`
 */
export async function reserveNumber(
  directory: string,
  trail: string,
  model: ModelPath,
  id: ContentId,
  taken: ReadonlySet<number>,
): Promise<number> {
  const folderOf = (name: string): string =>
    path.join(directory, 'numbers', createHash('sha256').update(name).digest('hex').slice(0, 16));
  const folder = folderOf(`/${trail}/${model}`);
  // From when trails that share a folder were not told apart; what is there stays reserved.
  const earlier = await reservedIn(folderOf(model), taken);
  const reserved = await reservedIn(folder, taken);
  const known = [...earlier, ...reserved].find((reservation) => reservation.id === id);
  if (known) return known.number;
  // They are not tried one by one, for each of which a file is made. One that could not be read may be being written.
  const others = new Set([...earlier, ...reserved.filter((one) => one.id)].map(({ number }) => number));
  const last = [...taken].reduce((highest, number) => Math.max(highest, number), 0);
  for (let number = last + 1; ; number++) {
    if (others.has(number)) continue;
    if (await createCache(path.join(folder, String(number)), id)) return number;
    if ((await reservedFor(folder, number)) === id) return number;
  }
}

interface Reservation {
  readonly number: number;
  readonly id?: ContentId;
}

/** Those that are not taken: they are of other branches, or were left by a process that was killed. */
async function reservedIn(folder: string, taken: ReadonlySet<number>): Promise<readonly Reservation[]> {
  const names = await namesIn(folder);
  const numbers = names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number);
  const free = numbers.filter((number) => !taken.has(number)).sort((a, b) => a - b);
  return mapBounded(free, 32, async (number) => ({ number, id: await reservedFor(folder, number) }));
}

/** Of a reservation that cannot be read, only that it is taken is known. */
function reservedFor(folder: string, number: number): Promise<ContentId | undefined> {
  return readFile(path.join(folder, String(number)), 'utf8').then(
    (content) => content.trim(),
    () => undefined,
  );
}
