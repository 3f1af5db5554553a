import type { Operation } from '../core/operation.ts';

/** Puts together what the host could only send in pieces, since one large message holds everything up. */
export async function joinPieces(
  count: number,
  piece: (index: number) => Promise<string>,
  { signal }: Operation,
): Promise<string> {
  let text = '';
  for (let index = 0; index < count; index++) {
    signal.throwIfAborted();
    text += await piece(index);
  }
  return text;
}
