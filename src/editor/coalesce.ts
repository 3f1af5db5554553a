/** A function that is called soon rather than often; to be cancelled when it is no longer needed. */
export interface Coalesced {
  (): void;
  cancel(): void;
}

/**
 * Calls `run` once for a burst of calls: `quiet` ms after the last, but no later than `latest` ms after the first, because a training
 * run may never be quiet.
 */
export function coalesce(run: () => void, quiet: number, latest: number): Coalesced {
  let timer: NodeJS.Timeout | undefined;
  let deadline = 0;
  const call = (): void => {
    const now = Date.now();
    if (timer === undefined) deadline = now + latest;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        timer = undefined;
        run();
      },
      Math.max(0, Math.min(quiet, deadline - now)),
    );
  };
  return Object.assign(call, {
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
  });
}
