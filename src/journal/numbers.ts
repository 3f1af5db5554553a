import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ContentId, ModelPath } from '../core/facts.ts';
import { mapBounded } from '../files/mapBounded.ts';
import { createDurably } from '../files/safeWrite.ts';
import { systemError } from '../files/systemError.ts';

/**
 * Reserves the n of `vN` for a content of a model: a file named by the number, which only one process can create. A content that
 * has a number reserved gets the same again.
 * @param directory the store's folder
 * @param atLeast the lowest number that the journal does not use yet
 * @throws TrailError `io`
 */
export async function reserveNumber(
  directory: string,
  model: ModelPath,
  id: ContentId,
  atLeast: number,
): Promise<number> {
  const name = createHash('sha256').update(model).digest('hex').slice(0, 16);
  const folder = path.join(directory, 'numbers', name);
  // Lower ones belong to facts, or to nothing; a process killed between the two left its own among these.
  const numbers = (await reservedIn(folder)).filter((number) => number >= atLeast);
  const ids = await mapBounded(numbers, 32, (number) => reservedFor(folder, number));
  const known = numbers[ids.indexOf(id)];
  if (known !== undefined) return known;
  for (let number = atLeast; ; number++) {
    if (await createDurably(path.join(folder, String(number)), id)) return number;
    if ((await reservedFor(folder, number)) === id) return number;
  }
}

async function reservedIn(folder: string): Promise<number[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number);
  } catch (error) {
    const problem = systemError(error, folder);
    if (problem.code === 'notFound') return [];
    throw problem;
  }
}

/** Of a reservation that cannot be read, only that it is taken is known. */
function reservedFor(folder: string, number: number): Promise<ContentId | undefined> {
  return readFile(path.join(folder, String(number)), 'utf8').then(
    (content) => content.trim(),
    () => undefined,
  );
}
