import { type Profiler, Session } from 'node:inspector/promises';

const intervalMicroseconds = 200;
/** What V8 says of time in no function of a script: it goes on with what was there before. */
const nobody = new Set(['(garbage collector)', '(program)']);

/**
 * How long, in milliseconds, code of a bundle was at most at it without a pause while `work` went on, with all that it called and the
 * garbage that was collected meanwhile; by samples, so give or take one.
 */
export async function longestStretchOf(bundle: string, work: () => PromiseLike<unknown>): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: intervalMicroseconds });
    await session.post('Profiler.start');
    await work();
    const { profile } = await session.post('Profiler.stop');
    return longestStretch(profile, bundle) / 1000;
  } finally {
    session.disconnect();
  }
}

/** In microseconds. */
function longestStretch({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, bundle: string): number {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const calls = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const isOwn = (sample: number): boolean => {
    for (let node: number | undefined = sample; node !== undefined; node = parents.get(node))
      if (calls.get(node)?.url.endsWith(bundle)) return true;
    return false;
  };
  let longest = 0;
  let stretch = 0;
  for (const [index, sample] of samples.entries()) {
    const goesOn = stretch > 0 && nobody.has(calls.get(sample)?.functionName ?? '');
    // A sample stands for the time until the next.
    if (isOwn(sample) || goesOn) longest = Math.max(longest, (stretch += timeDeltas[index + 1] ?? 0));
    else stretch = 0;
  }
  return longest;
}
