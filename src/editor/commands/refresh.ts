import { gitFolders } from '../gitFolders.ts';
import type { OpenTrail } from '../openTrail.ts';
import { refreshTrail } from '../watch.ts';
import type { Command } from './context.ts';

export const refresh: Command = async ({ trails }) => {
  // What could not be opened may open now, and Git answer; opening looks at everything anyway.
  const mayBeOthers = await Promise.all(trails.opened.map(mayHaveGit));
  if (trails.failed.length > 0 || mayBeOthers.includes(true)) trails.reopen();
  await trails.followFolders();
  await Promise.all((await trails.open()).map((trail) => refreshTrail(trail)));
};

/** Whether Git may tell the history of a folder of which it told none when that was opened. */
async function mayHaveGit({ api, root }: OpenTrail): Promise<boolean> {
  const info = await api.info().catch(() => undefined);
  switch (info?.git) {
    case 'found':
    case 'untrusted':
      return false;
    case 'none':
      return (await gitFolders(root)) !== undefined;
    default:
      return true;
  }
}
