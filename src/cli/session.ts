import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import type { Session } from './command.ts';
import { confirm } from './confirm.ts';
import type { Host } from './host.ts';
import { ModelPaths } from './modelPaths.ts';
import { kindOnDisk } from './onDisk.ts';
import type { ProgressBar } from './progressBar.ts';
import { say } from './say.ts';
import { printable, wantsColours } from './style.ts';

interface SessionOptions {
  readonly directory: string | undefined;
  readonly progress: ProgressBar;
  /** See `TrailCommand`; as it was given. */
  readonly readsFirst?: string;
}

/** Opens the trail that a directory belongs to, works with it, and closes it however that ends. */
export async function withSession<T>(
  host: Host,
  { directory, progress, readsFirst }: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const start = path.resolve(host.directory, directory ?? '.');
  const operation: Operation = { signal: host.signal, report: (state) => progress.report(state) };
  const warn = (message: string): void => {
    progress.clear();
    say(host, 'yellow', message);
  };
  const file = readsFirst === undefined ? undefined : path.resolve(start, readsFirst);
  const willRead = file !== undefined && (await kindOnDisk(file)) === 'model' ? file : undefined;
  const trail = await host.openTrail(start, { warn, willRead });
  try {
    if (willRead === undefined) await trail.refresh(operation);
    // Its progress is not what the user waits for.
    else trail.refresh({ ...operation, report() {} }).catch(() => {});
    const info = await trail.info();
    throwIfCancelled(operation);
    return await work({
      trail,
      info,
      paths: new ModelPaths(info.root, start),
      operation,
      columns: host.stdout.isTTY ? host.stdout.columns : undefined,
      now: new Date(),
      confirm: (sentence) => {
        progress.clear();
        return confirm(host, printable(sentence, wantsColours(host.stderr, host.environment)));
      },
      warn,
    });
  } finally {
    await trail.close();
  }
}

/** Tells that something is wrong with the trail where it is not what was asked about. @returns the sentence that was told of that */
export function warnOfProblems({ info, warn }: Session): string | undefined {
  const [first] = info.problems;
  if (!first) return undefined;
  warn(
    info.problems.length === 1
      ? `${first.path}: ${first.message}`
      : l10n.t(
          '{0}: {1} There are {2} problems like this; `modeltrail status` shows all.',
          first.path,
          first.message,
          info.problems.length,
        ),
  );
  return first.message;
}
