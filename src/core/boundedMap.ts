/** A cache: at the most so many entries, of which the oldest makes room. */
export class BoundedMap<Key, Value> {
  readonly #most: number;
  readonly #entries = new Map<Key, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: Key, value: Value): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && !this.has(key) && this.#entries.size >= this.#most) {
      this.#entries.delete(oldest);
    }
    this.#entries.set(key, value);
  }
}
