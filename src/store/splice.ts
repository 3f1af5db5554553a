/** A block stored as what it has in common with another, its base, and the bytes between. */

/** Bytes of a block that its base has too. */
interface Copy {
  readonly at: number;
  readonly from: number;
  readonly length: number;
}

const countBytes = 4;
const copyBytes = 12;
/** A run that is shorter is not worth its place in the list. */
const leastRun = 64;
/** What is less does not make up for reading two blocks instead of one. */
const leastSaved = 4 << 10;

/**
 * @param shifts where in the base, counted from where in the block, the same bytes may be
 * @returns undefined when they have too little in common. What is stored: `u32` copies, for each `u32` place, `u32` place in the base,
 *   `u32` length, in order; then the bytes that are none of them
 */
export function splice(
  raw: Uint8Array,
  base: Uint8Array,
  shifts: ReadonlySet<number>,
): Uint8Array | undefined {
  const copies = inOrder([...shifts].flatMap((shift) => commonRuns(raw, base, shift)));
  const shared = copies.reduce((sum, { length }) => sum + length, 0);
  const saved = shared - countBytes - copies.length * copyBytes;
  if (saved < leastSaved) return undefined;
  const stored = Buffer.allocUnsafeSlow(raw.length - saved);
  stored.writeUInt32LE(copies.length, 0);
  let end = countBytes + copies.length * copyBytes;
  let done = 0;
  for (const [index, { at, from, length }] of copies.entries()) {
    stored.writeUInt32LE(at, countBytes + index * copyBytes);
    stored.writeUInt32LE(from, countBytes + index * copyBytes + 4);
    stored.writeUInt32LE(length, countBytes + index * copyBytes + 8);
    stored.set(raw.subarray(done, at), end);
    end += at - done;
    done = at + length;
  }
  stored.set(raw.subarray(done), end);
  return stored;
}

/** @returns undefined when that cannot be what was stored of a block of `rawLength` bytes */
export function unsplice(stored: Uint8Array, rawLength: number, base: Uint8Array): Uint8Array | undefined {
  if (stored.length < countBytes) return undefined;
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.length);
  let rest = countBytes + bytes.readUInt32LE(0) * copyBytes;
  if (rest > bytes.length) return undefined;
  const raw = Buffer.alloc(rawLength);
  let done = 0;
  for (let entry = countBytes, end = rest; entry < end; entry += copyBytes) {
    const at = bytes.readUInt32LE(entry);
    const from = bytes.readUInt32LE(entry + 4);
    const length = bytes.readUInt32LE(entry + 8);
    const isPossible = at >= done && at + length <= rawLength && from + length <= base.length;
    if (!isPossible || rest + at - done > bytes.length) return undefined;
    raw.set(bytes.subarray(rest, rest + at - done), done);
    raw.set(base.subarray(from, from + length), at);
    rest += at - done;
    done = at + length;
  }
  if (bytes.length - rest !== rawLength - done) return undefined;
  raw.set(bytes.subarray(rest), done);
  return raw;
}

function commonRuns(raw: Uint8Array, base: Uint8Array, shift: number): readonly Copy[] {
  const runs: Copy[] = [];
  const end = Math.min(raw.length, base.length - shift);
  for (let at = Math.max(0, -shift); at < end;) {
    const from = at;
    while (at < end && raw[at] === base[at + shift]) at++;
    if (at - from >= leastRun) runs.push({ at: from, from: from + shift, length: at - from });
    at++;
  }
  return runs;
}

/** Without what one of them has after another has it. */
function inOrder(runs: readonly Copy[]): readonly Copy[] {
  const copies: Copy[] = [];
  let done = 0;
  for (const { at, from, length } of runs.toSorted((a, b) => a.at - b.at)) {
    const skipped = Math.max(0, done - at);
    if (length - skipped < leastRun) continue;
    copies.push({ at: at + skipped, from: from + skipped, length: length - skipped });
    done = at + length;
  }
  return copies;
}
