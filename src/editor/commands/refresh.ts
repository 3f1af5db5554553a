import { refreshTrail } from '../watch.ts';
import type { Command } from './context.ts';

export const refresh: Command = async ({ trails }) => {
  // What could not be opened may open now; opening looks at everything anyway.
  if (trails.failed.length > 0) trails.reopen();
  const opened = await trails.open();
  await Promise.all(opened.map((trail) => refreshTrail(trail)));
  // The engine tells what is new in what it reads. Working copies are looked at by whoever asks: an object of Git LFS may have come.
  for (const trail of opened) trails.announce(trail);
};
