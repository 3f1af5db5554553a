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

/** The other way round, into `target`; in words, since a reader waits for it. They are little-endian wherever VS Code runs. */
export function mergePlanes(planes: Uint8Array, elementBytes: ElementBytes, target: Uint8Array): void {
  if (elementBytes === 1) return target.set(planes);
  if (target.byteOffset % 4 !== 0) {
    const aligned = new Uint8Array(planes.length);
    mergePlanes(planes, elementBytes, aligned);
    return target.set(aligned);
  }
  const count = Math.floor(planes.length / elementBytes);
  const { buffer, byteOffset } = target;
  if (elementBytes === 2) mergeTwo(planes, new Uint16Array(buffer, byteOffset, count));
  else {
    const words = new Uint32Array(buffer, byteOffset, (count * elementBytes) / 4);
    const step = elementBytes / 4;
    for (let first = 0; first < step; first++) mergeFour(planes, words, first, step);
  }
  const end = count * elementBytes;
  target.set(planes.subarray(end), end);
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

/** Leaves in `target` the bits in which it differs from `other`, which is as long. */
export function xorInto(target: Uint8Array, other: Uint8Array): void {
  const canUseWords = target.byteOffset % 4 === 0 && other.byteOffset % 4 === 0;
  const count = canUseWords ? target.length >> 2 : 0;
  const words = new Uint32Array(target.buffer, canUseWords ? target.byteOffset : 0, count);
  const others = new Uint32Array(other.buffer, canUseWords ? other.byteOffset : 0, count);
  for (let i = 0; i < count; i++) words[i]! ^= others[i]!;
  for (let i = 4 * count; i < target.length; i++) target[i]! ^= other[i]!;
}
