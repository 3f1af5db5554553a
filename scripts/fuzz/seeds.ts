import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FormatName } from '../../src/formats/formatNames.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { readerOf } from '../../src/formats/readers.ts';
import { sniff } from '../../src/formats/sniff.ts';

const fixtures = path.join(import.meta.dirname, '../../test/fixtures');
/** Larger ones only make it slower. */
const maxSeed = 100_000;

/** The files of the tests that a reader reads, by format. */
export async function loadSeeds(): Promise<ReadonlyMap<FormatName, readonly Buffer[]>> {
  const seeds = new Map<FormatName, Buffer[]>();
  for (const folder of [
    'formats',
    'readers',
    'pickles',
    'layouts',
    'hdf5',
    'compressed',
    'shards',
    'older',
  ]) {
    for (const name of readdirSync(path.join(fixtures, folder)).sort()) {
      const bytes = readFileSync(path.join(fixtures, folder, name));
      if (bytes.length > maxSeed || name.endsWith('expected.json')) continue;
      const format = await sniff(bytesAccess(bytes), name);
      if (!(await readerOf(format))) continue;
      const list = seeds.get(format) ?? [];
      list.push(bytes);
      seeds.set(format, list);
    }
  }
  return seeds;
}
