/**
 * Work that several ask for and one does for all. Who asks while it is under way gets the result of the one that begins afterwards: that
 * which has begun may not see what came meanwhile.
 */
export function begunAfter(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    next = undefined;
    running ??= work().finally(() => (running = undefined));
    return running;
  };
  return () => (running ? (next ??= running.catch(() => {}).then(begin)) : begin());
}
