import type * as vscode from 'vscode';
import { idOf, type Node } from './nodes.ts';

/** How long a selection is waited for. */
const selectionMs = 1500;

/** Whether a row is selected, which the editor tells a moment after it was revealed. */
export function selectedSoon(view: vscode.TreeView<Node>, id: string): Promise<boolean> {
  const isSelected = (): boolean => view.selection.some((node) => idOf(node) === id);
  if (isSelected()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      listener.dispose();
      resolve(isSelected());
    };
    const timer = setTimeout(done, selectionMs);
    const listener = view.onDidChangeSelection(() => isSelected() && done());
  });
}
