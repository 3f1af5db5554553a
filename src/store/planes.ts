/** Of an element of a tensor, in bytes. */
export type ElementBytes = 1 | 2 | 4 | 8;

/**
 * The first bytes of all elements, then the second ones, and so on: exponents come to lie beside exponents, where a compressor finds
 * them alike. What is left of a last element stays at the end.
 */
export function splitPlanes(bytes: Uint8Array, elementBytes: ElementBytes): Uint8Array {
  // V8 may hold the result of a division as a float: then all of the loop would be six times slower.
  const step = elementBytes | 0;
  const end = bytes.length - (bytes.length % step);
  const planes = new Uint8Array(bytes.length);
  let to = 0;
  for (let plane = 0; plane < step; plane++) {
    for (let at = plane; at < end; at += step) planes[to++] = bytes[at]!;
  }
  planes.set(bytes.subarray(end), end);
  return planes;
}

/** The other way round; in words, since a reader waits for it. They are little-endian wherever VS Code runs. */
export function mergePlanes(planes: Uint8Array, elementBytes: ElementBytes): Uint8Array {
  const count = Math.floor(planes.length / elementBytes);
  const bytes = new Uint8Array(planes.length);
  if (elementBytes === 1) bytes.set(planes);
  else if (elementBytes === 2) mergeTwo(planes, new Uint16Array(bytes.buffer, 0, count));
  else {
    const words = new Uint32Array(bytes.buffer, 0, (count * elementBytes) / 4);
    const step = elementBytes / 4;
    for (let first = 0; first < step; first++) mergeFour(planes, words, first, step);
  }
  const end = count * elementBytes;
  bytes.set(planes.subarray(end), end);
  return bytes;
}

function mergeTwo(planes: Uint8Array, words: Uint16Array): void {
  const count = words.length;
  for (let i = 0; i < count; i++) words[i] = planes[i]! | (planes[count + i]! << 8);
}

/** Fills every `step`-th word, from `first`, with the bytes of four planes. */
function mergeFour(planes: Uint8Array, words: Uint32Array, first: number, step: number): void {
  const count = words.length / step;
  const plane = (n: number): Uint8Array =>
    planes.subarray((4 * first + n) * count, (4 * first + n + 1) * count);
  const [a, b, c, d] = [plane(0), plane(1), plane(2), plane(3)];
  for (let i = 0, to = first; i < count; i++, to += step) {
    words[to] = a[i]! | (b[i]! << 8) | (c[i]! << 16) | (d[i]! << 24);
  }
}

/** The bits in which two blocks of one length differ. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a.length);
  const [to, from, other] = [asWords(result), asWords(a), asWords(b)];
  for (let i = 0; i < to.length; i++) to[i] = from[i]! ^ other[i]!;
  for (let i = 4 * to.length; i < result.length; i++) result[i] = a[i]! ^ b[i]!;
  return result;
}

/** Without what is left of a last word. */
function asWords(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
}
