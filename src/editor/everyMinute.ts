import * as vscode from 'vscode';

const minuteMs = 60_000;

/**
 * Has the rows of a view looked at while it is visible, every minute and when it is shown again: what they say of time is no longer
 * so. The first time that they show they are new.
 */
export function everyMinute(
  view: Pick<vscode.TreeView<unknown>, 'visible' | 'onDidChangeVisibility'>,
  look: () => void,
): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const show = (): void => {
    if (timer) look();
    clearInterval(timer);
    timer = setInterval(look, minuteMs);
  };
  if (view.visible) show();
  return vscode.Disposable.from(
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) show();
      else clearInterval(timer);
    }),
    { dispose: () => clearInterval(timer) },
  );
}
