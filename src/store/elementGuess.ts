import type { ElementBytes } from './planes.ts';

const sampleBytes = 16 * 1024;
const pieces = 4;
/** What a longer element must save to be believed: on bytes without a pattern all lengths come out nearly alike. */
const clearly = 0.97;

/** The length of an element at which byte planes say the least, by a sample of the bytes. */
export function guessElementBytes(bytes: Uint8Array): ElementBytes {
  const sample = sampleOf(bytes);
  let best: ElementBytes = 1;
  let fewest = planeBits(sample, 1);
  for (const elementBytes of [2, 4, 8] as const) {
    const bits = planeBits(sample, elementBytes);
    if (bits < clearly * fewest) [best, fewest] = [elementBytes, bits];
  }
  return best;
}

/** Pieces from all over the block, each at a multiple of 8. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= sampleBytes) return bytes;
  const length = sampleBytes / pieces;
  const step = Math.floor((bytes.length - length) / (pieces - 1) / 8) * 8;
  const sample = new Uint8Array(sampleBytes);
  for (let i = 0; i < pieces; i++) sample.set(bytes.subarray(i * step, i * step + length), i * length);
  return sample;
}

/** The bits that all byte planes hold, by the frequencies of their bytes. */
function planeBits(bytes: Uint8Array, elementBytes: ElementBytes): number {
  let bits = 0;
  for (let plane = 0; plane < elementBytes; plane++) {
    const counts = new Uint32Array(256);
    let total = 0;
    for (let at = plane; at < bytes.length; at += elementBytes, total++) counts[bytes[at]!]!++;
    let used = 0;
    for (const count of counts) {
      if (count === 0) continue;
      used++;
      bits += count * Math.log2(total / count);
    }
    // A small sample looks more regular than it is (Miller and Madow).
    bits += Math.max(0, used - 1) / (2 * Math.LN2);
  }
  return bits;
}
