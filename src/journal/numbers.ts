import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ContentId, ModelPath } from '../core/facts.ts';
import { mapBounded } from '../files/mapBounded.ts';
import { createDurably } from '../files/safeWrite.ts';
import { namesIn } from '../files/namesIn.ts';

/**
 * Reserves the n of `vN` for a content of a model: a file named by the number, which only one process can create. A content that
 * has a number reserved gets the same again, in whatever branch, so that it has one number when the branches are merged.
 * @param directory the store's folder
 * @param taken the numbers that the journal has given
 * @throws TrailError `io`
 */
export async function reserveNumber(
  directory: string,
  model: ModelPath,
  id: ContentId,
  taken: ReadonlySet<number>,
): Promise<number> {
  const name = createHash('sha256').update(model).digest('hex').slice(0, 16);
  const folder = path.join(directory, 'numbers', name);
  // Those that are not taken are of other branches, or were left by a process that was killed.
  const numbers = (await reservedIn(folder)).filter((number) => !taken.has(number));
  const ids = await mapBounded(numbers, 32, (number) => reservedFor(folder, number));
  const known = numbers[ids.indexOf(id)];
  if (known !== undefined) return known;
  // They are not tried one by one, which takes the disk a sync each. One that could not be read may be being written.
  const others = new Set(numbers.filter((_, index) => ids[index]));
  const last = [...taken].reduce((highest, number) => Math.max(highest, number), 0);
  for (let number = last + 1; ; number++) {
    if (others.has(number)) continue;
    if (await createDurably(path.join(folder, String(number)), id)) return number;
    if ((await reservedFor(folder, number)) === id) return number;
  }
}

async function reservedIn(folder: string): Promise<number[]> {
  const names = await namesIn(folder);
  const numbers = names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number);
  return numbers.sort((a, b) => a - b);
}

/** Of a reservation that cannot be read, only that it is taken is known. */
function reservedFor(folder: string, number: number): Promise<ContentId | undefined> {
  return readFile(path.join(folder, String(number)), 'utf8').then(
    (content) => content.trim(),
    () => undefined,
  );
}
