import { refreshTrail } from '../watch.ts';
import type { Command } from './context.ts';

export const refresh: Command = async ({ trails }) => {
  // What could not be opened may open now; opening looks at everything anyway.
  if (trails.failed.length > 0) trails.reopen();
  await Promise.all((await trails.open()).map((trail) => refreshTrail(trail)));
};
