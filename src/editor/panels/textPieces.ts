import { TrailError } from '../../core/errors.ts';

/** So long that a message of one holds up nobody. */
const pieceLength = 500_000;

/** A long text that a page asks for in pieces. */
export class TextPieces {
  #text = '';

  /** @returns how many pieces it makes */
  put(text: string): number {
    this.#text = text;
    return Math.ceil(text.length / pieceLength);
  }

  /** @throws TrailError `usage` when there is no such piece, or the last one was taken before */
  take(index: number): string {
    const from = index * pieceLength;
    if (from >= this.#text.length) throw new TrailError('usage', `There is no piece ${index}.`);
    const piece = this.#text.slice(from, from + pieceLength);
    // The page has it all then.
    if (from + pieceLength >= this.#text.length) this.#text = '';
    return piece;
  }
}
