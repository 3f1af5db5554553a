import * as vscode from 'vscode';

export interface Choice<T> extends vscode.QuickPickItem {
  /** Absent on separators, and on rows that only tell something. */
  readonly value?: T;
}

export interface Question<T> {
  readonly title: string;
  readonly placeholder: string;
  /** What to choose from, or a sentence on why there is nothing; the picker is there, and busy, while it loads. */
  load(): Promise<readonly Choice<T>[] | string>;
  /** What comes of it where there is nothing to choose from; else that is told. @param why the sentence */
  instead?(why: string): Promise<T | undefined>;
  /** What is highlighted at first. */
  isActive?(value: T): boolean;
}

/** Asks the user to choose. @returns undefined when dismissed, or where there is nothing @throws what loading throws */
export function choose<T>(question: Question<T>): Promise<T | undefined> {
  const pick = vscode.window.createQuickPick<Choice<T>>();
  pick.title = question.title;
  pick.placeholder = question.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  // After the command palette closes, the editor may give a panel its focus back late, and take it from the picker.
  pick.ignoreFocusOut = true;
  return new Promise<T | undefined>((resolve, reject) => {
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems[0];
      if (chosen?.value === undefined) return;
      resolve(chosen.value);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
    question.load().then(
      (choices) => {
        if (typeof choices === 'string') {
          if (question.instead) resolve(question.instead(choices));
          else void vscode.window.showInformationMessage(choices);
          pick.hide();
          return;
        }
        pick.items = choices;
        const active = choices.filter(({ value }) => value !== undefined && question.isActive?.(value));
        if (active.length > 0) pick.activeItems = active;
        pick.busy = false;
        pick.ignoreFocusOut = false;
      },
      (error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)));
        pick.hide();
      },
    );
  });
}

export function separator(label: string): Choice<never> {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
