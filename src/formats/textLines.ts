import { throwIfCancelled } from '../core/operation.ts';
import { Malformed } from './byteCursor.ts';
import type { RandomAccess } from './randomAccess.ts';

const chunk = 2 ** 20;
/** The leaves of a very large tree, as numbers in a row. */
const maxLine = 16 * 2 ** 20;

export interface TextLine {
  readonly text: string;
  /** Of its first byte. */
  readonly offset: number;
  /** False for the last one of a file that does not end with a line break. */
  readonly ended: boolean;
}

/** The lines of a text that may be long. @throws Malformed at a line that is too long for one */
export async function* textLines(access: RandomAccess, signal: AbortSignal): AsyncGenerator<TextLine> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  for (let at = 0; at < access.size;) {
    throwIfCancelled({ signal });
    const bytes = await access.read(at, Math.min(chunk, access.size - at));
    at += bytes.length;
    const piece: Buffer =
      rest.length > 0
        ? Buffer.concat([rest, bytes])
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let start = 0;
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', start)) {
      const text = piece.toString('utf8', start, end);
      yield { text: text.endsWith('\r') ? text.slice(0, -1) : text, offset: offset + start, ended: true };
      start = end + 1;
    }
    rest = piece.subarray(start);
    offset += start;
    if (rest.length > maxLine) throw new Malformed();
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), offset, ended: false };
}
