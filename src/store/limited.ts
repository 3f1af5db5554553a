import { cancelled, type Operation } from '../core/operation.ts';

/** Does a piece of work when it is its turn. @throws TrailError `cancelled` as soon as nobody waits for its turn any more */
export type InTurn = <T>(work: () => Promise<T>, operation?: Pick<Operation, 'signal'>) => Promise<T>;

/** Does no more than `limit` pieces of work at a time; the others wait for their turn, the first first. */
export function limited(limit: number): InTurn {
  let free = limit;
  const waiting = new Set<() => void>();
  const turn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const take = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        waiting.delete(take);
        reject(cancelled());
      };
      waiting.add(take);
      signal?.addEventListener('abort', leave, { once: true });
    });
  return async (work, operation) => {
    if (free > 0) free--;
    else await turn(operation?.signal);
    try {
      return await work();
    } finally {
      const [next] = waiting;
      if (next) waiting.delete(next);
      if (next) next();
      else free++;
    }
  };
}
