import { chunkerWith } from './chunker.ts';
import type { GearScanner } from './kernel/gear.ts';
import { maxBlockBytes } from './packFormat.ts';

/** Says where the blocks of one file end. It is asked in order, from the start of the file to its end. */
export interface Cutter {
  /** The end of the block that begins at `start`, within `bytes[start..end)`; -1 when only more bytes can tell, never when `final`. */
  cut(bytes: Uint8Array, start: number, end: number, final: boolean): number;
}

/** Tensors shorter than this share a block with those behind them. */
const smallBytes = 16 << 10;

/**
 * Cuts where tensors start, so that a longer header moves no block; by what the bytes say where that is not known.
 * `starts` are byte offsets in the file; nothing relies on their being true.
 */
export function cutterFor(starts: readonly number[] | undefined, scanner: GearScanner): Cutter {
  const inside = (starts ?? [])
    .filter((start) => Number.isSafeInteger(start) && start > 0)
    .sort((a, b) => a - b);
  return inside.length === 0 ? chunkerWith(scanner) : tensorCutter(inside);
}

function tensorCutter(starts: readonly number[]): Cutter {
  let position = 0;
  let next = 0;
  const startAfter = (from: number): number => {
    while ((starts[next] ?? Infinity) <= from) next++;
    return starts[next] ?? Infinity;
  };

  /** Where the block that begins at `position` should end. */
  const goal = (): number => {
    let end = startAfter(position);
    // What is in front of the first tensor shares no block, however short it is.
    if (position < (starts[0] ?? 0)) return Math.min(end, position + maxBlockBytes);
    for (let at = next; end - position < smallBytes && at < starts.length; at++) {
      const after = starts[at + 1] ?? Infinity;
      if (after - end >= smallBytes) break;
      end = after;
    }
    return Math.min(end, position + maxBlockBytes);
  };

  return {
    cut(_, start, end, final) {
      const length = goal() - position;
      if (length > end - start && !final) return -1;
      const taken = Math.min(length, end - start);
      position += taken;
      return start + taken;
    },
  };
}
