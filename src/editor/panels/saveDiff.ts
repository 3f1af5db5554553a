import * as vscode from 'vscode';
import type { FileKind, SidePair } from '../../webview/diff/messages.ts';
import { baseName } from '../text.ts';
import { saveText } from './saveText.ts';

/** Asks where to, and writes a report there. @returns whether the user chose a place */
export function saveDiff({ b }: SidePair, kind: FileKind, text: string): Promise<boolean> {
  return saveText(text, kind, {
    title: vscode.l10n.t('Export What Changed in {0}', baseName(b.model)),
    defaultUri: vscode.Uri.joinPath(vscode.Uri.file(b.root), `${b.model}.diff.${kind}`),
  });
}
