import { refreshTrail } from '../watch.ts';
import type { Trails } from '../roots.ts';
import type { Command } from './context.ts';

export const refresh: Command = async ({ trails }) => {
  // What could not be opened may open now, and Git answer; opening looks at everything anyway.
  if (trails.failed.length > 0 || (await lacksGit(trails))) trails.reopen();
  await Promise.all((await trails.open()).map((trail) => refreshTrail(trail)));
};

/** Whether there is a folder whose history Git did not tell when it was opened. */
async function lacksGit({ opened }: Trails): Promise<boolean> {
  const infos = await Promise.all(opened.map((trail) => trail.api.info().catch(() => undefined)));
  return infos.some((info) => info?.git !== 'found');
}
