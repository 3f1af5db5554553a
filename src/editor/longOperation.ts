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
    show = onBar(bar, title);
    if (latest) show(latest);
    return result.then(
      () => undefined,
      () => undefined,
    );
  });
  return result;
}

/** @param title what the editor shows before every message */
function onBar(
  bar: vscode.Progress<{ message?: string; increment?: number }>,
  title: string,
): (progress: Progress) => void {
  const { l10n } = vscode;
  let shown = 0;
  return ({ label, done, total }) => {
    if (total <= 0) {
      bar.report({ message: label === title ? '' : label });
      return;
    }
    const percent = Math.min(100, (done / total) * 100);
    const increment = Math.max(0, percent - shown);
    shown = Math.max(shown, percent);
    const [now, all] = [formatBytes(done), formatBytes(total)];
    const message =
      label === title ? l10n.t('{0} of {1}', now, all) : l10n.t('{0} ({1} of {2})', label, now, all);
    bar.report({ message, increment });
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

/**
 * The one way an error reaches the user. Whoever cancelled knows. The log has where it came from.
 * @param again does it once more, where that may help
 */
export function reportError(log: vscode.LogOutputChannel, error: unknown, again?: () => Promise<void>): void {
  if (TrailError.is(error, 'cancelled') || error instanceof vscode.CancellationError) return;
  for (const one of error instanceof AggregateError ? error.errors : [error]) logError(log, one);
  const running = (command: string) => async (): Promise<void> => {
    await vscode.commands.executeCommand(command);
  };
  const buttons: { readonly title: string; run(): Promise<void> }[] = [
    { title: vscode.l10n.t('Show Log'), run: running('modeltrail.showLog') },
  ];
  if (again) buttons.unshift({ title: vscode.l10n.t('Try Again'), run: again });
  if (TrailError.is(error, 'damaged')) {
    buttons.unshift({ title: vscode.l10n.t('Verify'), run: running('modeltrail.verify') });
  }
  if (TrailError.is(error, 'refused') && !vscode.workspace.isTrusted) {
    buttons.unshift({
      title: vscode.l10n.t('Manage Workspace Trust'),
      run: running('workbench.trust.manage'),
    });
  }
  void Promise.resolve(vscode.window.showErrorMessage(messageOf(error), ...buttons))
    .then((chosen) => chosen?.run())
    .catch((later: unknown) => reportError(log, later));
}
