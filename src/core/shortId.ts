/** A hash as Git shortens it, in every text for people: to find it again, it has to look the same wherever it stands. */
export function shortId(hash: string): string {
  return hash.slice(0, 7);
}
