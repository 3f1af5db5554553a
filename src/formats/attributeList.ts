import { createHash } from 'node:crypto';

/** Lists up to this length are shown whole. */
const maxShown = 64;
const hashedAtOnce = 64 * 1024;

/** The text of a list of any length: a long one, such as the thresholds of a forest, by its count and the beginning of its SHA-256. */
export class AttributeList {
  #count = 0;
  readonly #shown: string[] = [];
  readonly #hash = createHash('sha256');
  #unhashed = '';

  add(text: string): void {
    this.#count++;
    if (this.#count <= maxShown) this.#shown.push(text);
    this.#unhashed += `${text}\n`;
    if (this.#unhashed.length > hashedAtOnce) this.#flush();
  }

  /** @param kind what the elements are, such as `ints` */
  text(kind: string): string {
    if (this.#count <= maxShown) return `[${this.#shown.join(', ')}]`;
    this.#flush();
    return `${kind}[${this.#count}] sha256 ${this.#hash.digest('hex').slice(0, 16)}`;
  }

  #flush(): void {
    this.#hash.update(this.#unhashed);
    this.#unhashed = '';
  }
}
