import { Malformed } from '../byteCursor.ts';

/** Inflates a block of Snappy that is no longer than `max`. @throws Malformed */
export function inflateSnappy(bytes: Uint8Array, max: number): Uint8Array {
  let at = 0;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new Malformed();
    return value;
  };
  const little = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) value += byte() * 2 ** (8 * i);
    return value;
  };
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const value = byte();
    size += (value & 0x7f) * 2 ** shift;
    if (value < 0x80) break;
    if (shift > 28) throw new Malformed();
  }
  if (size > max) throw new Malformed();
  const out = new Uint8Array(size);
  let end = 0;
  while (at < bytes.length) {
    const tag = byte();
    const kind = tag & 3;
    let length = (tag >> 2) + 1;
    if (kind === 0) {
      if (length > 60) length = little(length - 60) + 1;
      if (at + length > bytes.length || end + length > size) throw new Malformed();
      out.set(bytes.subarray(at, at + length), end);
      at += length;
      end += length;
      continue;
    }
    let back: number;
    if (kind === 1) {
      length = ((tag >> 2) & 7) + 4;
      back = (tag >> 5) * 256 + byte();
    } else back = little(kind === 2 ? 2 : 4);
    if (back === 0 || back > end || end + length > size) throw new Malformed();
    // Byte by byte: a copy may overlap itself.
    for (let i = 0; i < length; i++, end++) out[end] = out[end - back] ?? 0;
  }
  if (end !== size) throw new Malformed();
  return out;
}
