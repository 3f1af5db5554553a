/** Parts of a name that may be a prefix of all: `model.module.` has two. */
const maxParts = 2;

interface Prefixes {
  readonly a: string;
  readonly b: string;
}

/**
 * What the names of each side begin with when they are the same otherwise, such as `module.` on one side and nothing on the other. Undefined
 * where that explains no more than the names as they are, or less than half of the names of the side with fewer.
 */
export function prefixesOf(a: ReadonlySet<string>, b: ReadonlySet<string>): Prefixes | undefined {
  const least = Math.max(2, Math.min(a.size, b.size) / 2);
  const ofB = beginningsOfAtLeast(least, b);
  /** By a beginning in a, then one in b: how many names of a are names of b with the other one. */
  const votes = new Map(beginningsOfAtLeast(least, a).map((prefix) => [prefix, new Map<string, number>()]));
  for (const name of a) {
    for (const end of beginnings(name)) {
      const prefix = name.slice(0, end);
      const counts = votes.get(prefix);
      if (!counts) continue;
      for (const other of ofB) {
        const isOfBoth = prefix !== '' && prefix === other;
        if (!isOfBoth && b.has(other + name.slice(end))) counts.set(other, (counts.get(other) ?? 0) + 1);
      }
    }
  }
  const [best] = [...votes]
    .flatMap(([a, counts]) => [...counts].map(([b, count]) => ({ a, b, count })))
    .sort((x, y) => y.count - x.count || lengthOf(x) - lengthOf(y));
  if (!best || best.count < least || lengthOf(best) === 0) return undefined;
  return { a: best.a, b: best.b };
}

function lengthOf({ a, b }: Prefixes): number {
  return a.length + b.length;
}

/** The beginnings, the empty one too, that so many of the names have: few, however many names there are. */
function beginningsOfAtLeast(least: number, names: ReadonlySet<string>): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    for (const end of beginnings(name)) {
      const prefix = name.slice(0, end);
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
  }
  return [...counts].flatMap(([prefix, count]) => (count >= least ? [prefix] : []));
}

/** Where the beginnings of a name that are whole parts end. */
function beginnings(name: string): number[] {
  const ends = [0];
  while (ends.length <= maxParts) {
    const dot = name.indexOf('.', ends.at(-1));
    if (dot === -1) break;
    ends.push(dot + 1);
  }
  return ends;
}
