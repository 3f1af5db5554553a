import { decodeOrUndefined, plainBlock } from './encoding.ts';
import { needsBase } from './packFormat.ts';
import { isHashOf, type PackReader } from './packReader.ts';
import type { Packs } from './packs.ts';

/**
 * Reads one block, verified, from wherever it is whole, given its length if that is known; it may have been written to another pack since the packs were looked at.
 * @returns undefined when it is damaged or missing everywhere
 * @throws TrailError `io`; `refused` where this Node cannot decode it
 */
export async function readBlock(
  packs: Packs,
  reader: PackReader,
  hash: Uint8Array,
  length: number | undefined,
  { rescan = true } = {},
): Promise<Uint8Array | undefined> {
  const found = await readAnywhere(packs, reader, hash, length, true);
  if (found || !rescan) return found;
  await packs.scan();
  return readAnywhere(packs, reader, hash, length, true);
}

async function readAnywhere(
  packs: Packs,
  reader: PackReader,
  hash: Uint8Array,
  length: number | undefined,
  deltas: boolean,
): Promise<Uint8Array | undefined> {
  for (let block = packs.find(hash); block >= 0; block = packs.find(hash, block)) {
    const { encoding, raw, stored, base } = packs.table.at(block);
    // A base is never a delta, so that two blocks are read at the most and none leads back to itself.
    if ((length !== undefined && raw !== length) || (needsBase(encoding) && !deltas)) continue;
    const target = Buffer.allocUnsafeSlow(stored);
    const failed = await reader.read([{ block, target }]);
    const baseBytes = base && (await readAnywhere(packs, reader, base, undefined, false));
    if (base && !baseBytes) continue;
    const bytes =
      failed.size === 0
        ? decodeOrUndefined({ encoding, stored: target, raw }, baseBytes && plainBlock(baseBytes))
        : undefined;
    if (bytes && isHashOf(hash, bytes)) return bytes;
    packs.distrust(block);
  }
  return undefined;
}
