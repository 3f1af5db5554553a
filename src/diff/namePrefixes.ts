/** Parts of a name that may be a prefix of all: `model.module.` has two. */
const maxParts = 2;
/** An end of names that follows more prefixes than this, such as `weight`, tells nothing. */
const maxAlike = 64;

interface Prefixes {
  readonly a: string;
  readonly b: string;
}

/**
 * What the names of each side begin with when they are the same otherwise, such as `module.` on one side and nothing on the other. Undefined
 * where that explains no more than the names as they are.
 */
export function prefixesOf(a: readonly string[], b: readonly string[]): Prefixes | undefined {
  const [prefixesA, prefixesB] = [prefixesByRest(a), prefixesByRest(b)];
  const votes = new Map<string, { readonly prefixes: Prefixes; count: number }>();
  for (const [rest, ofA] of prefixesA) {
    const ofB = prefixesB.get(rest);
    if (!ofB || ofA.length > maxAlike || ofB.length > maxAlike) continue;
    for (const a of ofA) {
      for (const b of ofB) {
        if (a !== '' && a === b) continue;
        const key = `${a.length} ${a}${b}`;
        const vote = votes.get(key) ?? { prefixes: { a, b }, count: 0 };
        vote.count++;
        votes.set(key, vote);
      }
    }
  }
  let best: { readonly prefixes: Prefixes; count: number } | undefined;
  for (const vote of votes.values()) {
    const isBetter =
      !best ||
      vote.count > best.count ||
      (vote.count === best.count && lengthOf(vote.prefixes) < lengthOf(best.prefixes));
    if (isBetter) best = vote;
  }
  const most = Math.min(a.length, b.length) / 2;
  if (!best || best.count < 2 || best.count < most || lengthOf(best.prefixes) === 0) return undefined;
  return best.prefixes;
}

function lengthOf({ a, b }: Prefixes): number {
  return a.length + b.length;
}

/** By what follows them, all beginnings of the names that end where a part does, the empty one too. */
function prefixesByRest(names: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of names) {
    let end = 0;
    for (let parts = 0; parts <= maxParts; parts++) {
      const rest = name.slice(end);
      const prefixes = found.get(rest);
      if (!prefixes) found.set(rest, [name.slice(0, end)]);
      else if (prefixes.length <= maxAlike) prefixes.push(name.slice(0, end));
      const dot = name.indexOf('.', end);
      if (dot === -1) break;
      end = dot + 1;
    }
  }
  return found;
}
