import type { GearScanner } from './kernel/gear.ts';

/** Of a chunk, in bytes. No end is looked for before the minimum; at the maximum there is one. */
export const minChunk = 16 * 1024;
const averageChunk = 64 * 1024;
export const maxChunk = 256 * 1024;

/**
 * An end is where 18 bits of the hash are zero, the lowest 8 and the top 10: two more than the average needs. After the average it is 14,
 * two fewer, so that sizes stay near it (FastCDC's normalised chunking).
 */
const thresholds = { strict: 2 ** (32 - 10), loose: 2 ** (32 - 6) };

/** Cuts bytes by what they say (FastCDC), so that an insertion moves the ends near it and no others. */
export interface Chunker {
  /**
   * The end of the chunk that begins at `start`, within `bytes[start..end)`; -1 when only more bytes can tell, never when there are
   * `maxChunk` or when `final` says that no more will come.
   */
  cut(bytes: Uint8Array, start: number, end: number, final: boolean): number;
}

export function chunkerWith(scanner: GearScanner): Chunker {
  return {
    cut(bytes, start, end, final) {
      const limit = Math.min(end, start + maxChunk);
      const first = Math.min(limit, start + minChunk);
      const middle = Math.min(limit, start + averageChunk);
      const found = scanner.scan(bytes, first, middle, limit, thresholds);
      if (found !== -1) return found;
      return final || limit === start + maxChunk ? limit : -1;
    },
  };
}
