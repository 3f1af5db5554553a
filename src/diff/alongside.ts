interface Piece<Self> {
  readonly length: number;
  subarray(from: number, to?: number): Self;
}

/**
 * Two streams of pieces, cut so that both give as much each time. Pieces are to be used before the next are asked for.
 * Ends with the shorter one. @returns whether both ended together
 */
export async function* alongside<A extends Piece<A>, B extends Piece<B>>(
  a: AsyncIterable<A>,
  b: AsyncIterable<B>,
): AsyncGenerator<readonly [A, B], boolean, undefined> {
  const streamA = a[Symbol.asyncIterator]();
  const streamB = b[Symbol.asyncIterator]();
  try {
    let [pieceA, pieceB] = await Promise.all([nextPiece(streamA), nextPiece(streamB)]);
    while (pieceA && pieceB) {
      const length = Math.min(pieceA.length, pieceB.length);
      yield [pieceA.subarray(0, length), pieceB.subarray(0, length)];
      const [restA, restB]: readonly [A, B] = [pieceA.subarray(length), pieceB.subarray(length)];
      [pieceA, pieceB] = await Promise.all([
        restA.length > 0 ? restA : nextPiece(streamA),
        restB.length > 0 ? restB : nextPiece(streamB),
      ]);
    }
    return !pieceA && !pieceB;
  } finally {
    await Promise.all([streamA.return?.(), streamB.return?.()]);
  }
}

/** The next that is not empty. */
async function nextPiece<T extends Piece<T>>(stream: AsyncIterator<T>): Promise<T | undefined> {
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return undefined;
    if (value.length > 0) return value;
  }
}
