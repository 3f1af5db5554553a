import type { Bar, Figure, Unit } from './bench.ts';

/** Milliseconds that something took. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

/** The same work done in several ways. Samples of one round belong together, since the machine was in the same mood. */
export class Samples<Name extends string> {
  readonly #samples = new Map<Name, number[]>();

  add(name: Name, sample: number): void {
    this.#samples.set(name, [...this.of(name), sample]);
  }

  of(name: Name): readonly number[] {
    return this.#samples.get(name) ?? [];
  }

  /** In the order in which they were first measured. */
  get names(): readonly Name[] {
    return [...this.#samples.keys()];
  }

  /** Round by round, how many times faster `name` was than `other`. */
  speedup(name: Name, other: Name): number[] {
    const mine = this.of(name);
    return this.of(other).map((sample, round) => sample / (mine[round] ?? NaN));
  }
}

/** The items in an order that begins with another one each round, so that none always comes first. */
export function inTurn<T>(items: readonly T[], round: number): T[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/** What each way took, where it was there to be measured. */
export function byTool<Name extends string>(
  what: string,
  samples: Samples<Name>,
  unit: Unit,
  bars: Partial<Record<Name, Bar>> = {},
): Figure[] {
  return samples.names.map((name) => ({
    what: `${what}: ${name}`,
    samples: samples.of(name),
    unit,
    bar: bars[name],
  }));
}

/** Seconds of each way, then how many times faster ours was. */
export function comparedWith<Name extends string>(
  ours: Name,
  what: string,
  samples: Samples<Name>,
  bars: Partial<Record<Name, Bar>>,
): Figure[] {
  const others = samples.names.filter((name) => name !== ours);
  return [
    ...byTool(what, samples, 's'),
    ...others.map((other) => ({
      what: `${what}: speed, ${other} = 1`,
      samples: samples.speedup(ours, other),
      unit: 'x' as const,
      bar: bars[other],
    })),
  ];
}
