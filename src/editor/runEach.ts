import * as vscode from 'vscode';
import { messageOf, TrailError } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import { runLong } from './longOperation.ts';
import type { ModelRef } from './openTrail.ts';
import { baseName, problemsText } from './text.ts';

/**
 * Does the same with several models or versions, one after the other: with one progress for all, which stops all when it is cancelled.
 * One that fails does not keep the others from it.
 * @param sizeOf how many bytes of it are read
 * @throws what failed, if anything did; being cancelled is no failure
 */
export async function runEach<T extends ModelRef>(
  title: string,
  all: readonly T[],
  work: (one: T, operation: Operation) => Promise<void>,
  sizeOf: (one: T) => Promise<number> = async () => 0,
): Promise<void> {
  const failed: unknown[] = [];
  await runLong(title, async (operation) => {
    const sizes = await Promise.all(all.map(sizeOf));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    let before = 0;
    for (const [i, one] of all.entries()) {
      const label = vscode.l10n.t('{0} of {1}, {2}', i + 1, all.length, baseName(one.path));
      const report = (done: number): void => operation.report({ label, done: before + done, total });
      if (all.length > 1) report(0);
      const isOnly = all.length === 1;
      try {
        await work(
          one,
          isOnly ? operation : { signal: operation.signal, report: ({ done }) => report(done) },
        );
      } catch (error) {
        if (!TrailError.is(error, 'cancelled')) failed.push(error);
      }
      if (operation.signal.aborted) break;
      before += sizes[i] ?? 0;
    }
  });
  if (failed.length === 1) throw failed[0];
  if (failed.length > 1) throw new AggregateError(failed, problemsText(failed.map(messageOf)));
}

/** Of the file as it is. */
export async function fileSize({ trail, path }: ModelRef): Promise<number> {
  return (await trail.models()).find((row) => row.path === path)?.working.size ?? 0;
}
