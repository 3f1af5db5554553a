/** Where a key leads in a row of things, from where one is, if anywhere; undefined for keys that lead nowhere. */
export function keyMove(key: string, at: number | undefined, count: number): number | undefined {
  const last = count - 1;
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: Math.min(last, (at ?? -1) + 1),
    ArrowLeft: Math.max(0, (at ?? count) - 1),
    Home: 0,
    End: last,
  };
  return moves[key];
}
