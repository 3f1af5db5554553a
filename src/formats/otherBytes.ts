/** Other files that end up under the name of a model, by what they begin with, in Latin-1. */
const known: readonly (readonly [string, string])[] = [
  ['\x7fELF', 'a program or library for Linux (ELF)'],
  ['MZ', 'a program or library for Windows'],
  ['\xcf\xfa\xed\xfe', 'a program or library for macOS (Mach-O)'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['PAR1', 'a Parquet table'],
  ['ARROW1', 'an Arrow table'],
  ['Obj\x01', 'an Avro table'],
  ['\x89PNG', 'a picture (PNG)'],
  ['\xff\xd8\xff', 'a picture (JPEG)'],
  ['%PDF', 'a PDF document'],
  ['Rar!', 'a RAR archive'],
  ['\x1f\x8b', 'compressed with gzip'],
  ['BZh', 'compressed with bzip2'],
  ['\xfd7zXZ', 'compressed with xz'],
  ['\x28\xb5\x2f\xfd', 'compressed with zstd'],
  ['\x04\x22\x4d\x18', 'compressed with LZ4'],
];

/** Bits per byte, of 8: what is compressed or encrypted has nearly as many. */
export function entropy(bytes: Uint8Array, from = 0, step = 1): number {
  const counts = new Uint32Array(256);
  let total = 0;
  for (let i = from; i < bytes.length; i += step, total++) counts[bytes[i] ?? 0]! += 1;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

/**
 * A guess at what bytes are. In numbers that weights usually are, sign and exponent take few values and the rest takes all.
 * @param head the beginning of the file @param samples from all over it, each beginning at a multiple of 8
 */
export function guess(head: Uint8Array, samples: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1');
  const file = known.find(([mark]) => text.startsWith(mark));
  if (file) return file[1];
  if (samples.length === 0) return 'nothing: the file is empty';
  if (samples.every((byte) => byte === samples[0])) return `the byte ${samples[0]} again and again`;
  if (samples.every(isTextByte)) return 'text';
  const at = (place: number, width: number): number => entropy(samples, place, width);
  // A few samples say nothing of how often each value occurs.
  if (samples.length >= 16 * 1024) {
    if (at(7, 8) < 5 && at(3, 8) > 7) return 'numbers: 64-bit floats';
    if (at(3, 4) < 5 && at(1, 4) > 7) return 'numbers: 32-bit floats';
    if (at(1, 2) < 5.5 && at(0, 2) > 7) return 'numbers: 16-bit floats';
    if (entropy(samples) > 7.9) return 'compressed, encrypted or random';
  }
  return 'binary';
}

/** Of text in any encoding that keeps ASCII as it is. */
function isTextByte(byte: number): boolean {
  return byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
