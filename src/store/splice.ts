/** A block stored as what it shares with the start and the end of another, and the bytes between. */

const headBytes = 8;
/** What is less does not make up for reading two blocks instead of one. */
const leastSaved = 4 << 10;

/** @returns undefined when they share too little. What is stored: `u32` bytes shared at the start, `u32` at the end, then the rest. */
export function splice(raw: Uint8Array, base: Uint8Array): Uint8Array | undefined {
  const most = Math.min(raw.length, base.length);
  let start = 0;
  while (start < most && raw[start] === base[start]) start++;
  let end = 0;
  while (end < most - start && raw[raw.length - 1 - end] === base[base.length - 1 - end]) end++;
  if (start + end - headBytes < leastSaved) return undefined;
  const stored = Buffer.allocUnsafeSlow(headBytes + raw.length - start - end);
  stored.writeUInt32LE(start, 0);
  stored.writeUInt32LE(end, 4);
  stored.set(raw.subarray(start, raw.length - end), headBytes);
  return stored;
}

/** @returns undefined when that cannot be what was stored of a block of `rawLength` bytes */
export function unsplice(stored: Uint8Array, rawLength: number, base: Uint8Array): Uint8Array | undefined {
  if (stored.length < headBytes) return undefined;
  const head = Buffer.from(stored.buffer, stored.byteOffset, headBytes);
  const start = head.readUInt32LE(0);
  const end = head.readUInt32LE(4);
  const isWhole = start + end + stored.length - headBytes === rawLength;
  if (!isWhole || start > base.length || end > base.length) return undefined;
  const raw = Buffer.allocUnsafeSlow(rawLength);
  raw.set(base.subarray(0, start));
  raw.set(stored.subarray(headBytes), start);
  raw.set(base.subarray(base.length - end), rawLength - end);
  return raw;
}
