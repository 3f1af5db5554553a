import type { ElementBytes } from './planes.ts';

const sampleBytes = 16 * 1024;
const pieces = 4;
/** What a longer element must save to be believed: on bytes without a pattern all lengths come out nearly alike. */
const clearly = 0.97;

/** The length of an element at which byte planes say the least, by a sample of the bytes. */
export function guessElementBytes(bytes: Uint8Array): ElementBytes {
  const counts = countByPlane(sampleOf(bytes));
  let best: ElementBytes = 1;
  let fewest = planeBits(counts, 1);
  for (const elementBytes of [2, 4, 8] as const) {
    const bits = planeBits(counts, elementBytes);
    if (bits >= clearly * fewest) continue;
    best = elementBytes;
    fewest = bits;
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

/** How often each byte stands at each of eight places. */
function countByPlane(sample: Uint8Array): Uint32Array {
  const counts = new Uint32Array(8 * 256);
  for (let at = 0; at < sample.length; at++) counts[(at % 8) * 256 + sample[at]!]!++;
  return counts;
}

/** The bits that the planes of such elements hold, by the frequencies of their bytes. */
function planeBits(counts: Uint32Array, elementBytes: ElementBytes): number {
  let bits = 0;
  for (let plane = 0; plane < elementBytes; plane++) {
    let total = 0;
    let used = 0;
    let logs = 0;
    for (let byte = 0; byte < 256; byte++) {
      let count = 0;
      for (let place = plane; place < 8; place += elementBytes) count += counts[place * 256 + byte]!;
      if (count === 0) continue;
      total += count;
      used++;
      logs += count * Math.log2(count);
    }
    if (total === 0) continue;
    // A small sample looks more regular than it is (Miller and Madow).
    bits += total * Math.log2(total) - logs + (used - 1) / (2 * Math.LN2);
  }
  return bits;
}
