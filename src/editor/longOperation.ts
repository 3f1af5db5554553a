import * as vscode from 'vscode';
import { messageOf, TrailError } from '../core/errors.ts';
import type { Operation, Progress } from '../core/operation.ts';
import { logError } from './log.ts';
import { formatBytes } from './text.ts';

/** When and where progress shows: as a notification only if it takes a while, as one at once, or as the bar over the models. */
export type ProgressPlace = 'late' | 'now' | 'view';

/** Long enough that most operations are over before anything flashes up. */
const lateAfter = 400;

/**
 * Runs work that may take long: with progress in bytes, and a way to cancel it.
 * @throws whatever the work throws: commands leave it to `reportError`
 */
export async function runLong<T>(
  title: string,
  work: (operation: Operation) => Promise<T>,
  shown: ProgressPlace = 'late',
): Promise<T> {
  const controller = new AbortController();
  let latest: Progress | undefined;
  let show: ((progress: Progress) => void) | undefined;
  const result = work({
    signal: controller.signal,
    report(progress) {
      latest = progress;
      show?.(progress);
    },
  });
  if (shown === 'late' && (await settlesWithin(result, lateAfter))) return result;

  const location = shown === 'view' ? { viewId: 'modeltrail.models' } : vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: shown !== 'view' }, (bar, token) => {
    token.onCancellationRequested(() => controller.abort());
    show = onBar(bar);
    if (latest) show(latest);
    return result.then(
      () => undefined,
      () => undefined,
    );
  });
  return result;
}

function onBar(bar: vscode.Progress<{ message?: string; increment?: number }>): (progress: Progress) => void {
  let shown = 0;
  return ({ label, done, total }) => {
    if (total <= 0) {
      bar.report({ message: label });
      return;
    }
    const percent = Math.min(100, (done / total) * 100);
    const increment = Math.max(0, percent - shown);
    shown = Math.max(shown, percent);
    bar.report({
      message: vscode.l10n.t('{0} ({1} of {2})', label, formatBytes(done), formatBytes(total)),
      increment,
    });
  };
}

async function settlesWithin(result: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const settled = result.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The one way an error reaches the user. Whoever cancelled knows. The log has where it came from. */
export function reportError(log: vscode.LogOutputChannel, error: unknown): void {
  if (TrailError.is(error, 'cancelled') || error instanceof vscode.CancellationError) return;
  for (const one of error instanceof AggregateError ? error.errors : [error]) logError(log, one);
  const buttons: { readonly title: string; readonly command: string }[] = [
    { title: vscode.l10n.t('Show Log'), command: 'modeltrail.showLog' },
  ];
  if (TrailError.is(error, 'damaged')) {
    buttons.unshift({ title: vscode.l10n.t('Verify'), command: 'modeltrail.verify' });
  }
  if (TrailError.is(error, 'refused') && !vscode.workspace.isTrusted) {
    buttons.unshift({ title: vscode.l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' });
  }
  void vscode.window.showErrorMessage(messageOf(error), ...buttons).then((chosen) => {
    if (chosen) void vscode.commands.executeCommand(chosen.command);
  });
}
