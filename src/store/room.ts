/** Memory that is used again, and that threads can share: new memory for each block would add up until the garbage collector comes. */
export class Room {
  readonly #size: number;
  #memory: Uint8Array | undefined;
  #used = 0;

  /** @param size in bytes; what does not fit gets memory of its own */
  constructor(size: number) {
    this.#size = size;
  }

  /** All that was taken may be used again. */
  clear(): void {
    this.#used = 0;
  }

  /** Bytes that may hold anything, at a multiple of 8. */
  take(length: number): Uint8Array {
    const from = this.#used;
    const end = from + length;
    if (end > this.#size) return Buffer.allocUnsafeSlow(length);
    this.#memory ??= new Uint8Array(new SharedArrayBuffer(this.#size));
    this.#used = Math.ceil(end / 8) * 8;
    return this.#memory.subarray(from, end);
  }
}
