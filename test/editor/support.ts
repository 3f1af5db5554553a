import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TestAccess } from '../../src/extension.ts';
import type { ActivityNode } from '../../src/editor/activityItems.ts';
import type { ModelNode, Node, VersionNode, WorkingNode } from '../../src/editor/nodes.ts';

export const model = 'models/tiny.safetensors';

export async function extension(): Promise<TestAccess> {
  const found = vscode.extensions.getExtension<TestAccess>('modeltrail.modeltrail');
  assert.ok(found, 'Modeltrail is not among the extensions of this editor');
  return found.activate();
}

export function folder(): string {
  const first = vscode.workspace.workspaceFolders?.[0];
  assert.ok(first, 'no folder is open');
  return first.uri.fsPath;
}

export function fileUri(...names: string[]): vscode.Uri {
  return vscode.Uri.file(path.join(folder(), ...names));
}

/** A row as a person reads it. */
export interface Row<N> {
  readonly node: N;
  readonly label: string;
  readonly description: string;
  readonly item: vscode.TreeItem;
}

function rowOf<N>(node: N, item: vscode.TreeItem): Row<N> {
  const label = typeof item.label === 'string' ? item.label : (item.label?.label ?? '');
  return { node, label, description: String(item.description ?? ''), item };
}

export async function rows(parent?: Node): Promise<Row<Node>[]> {
  const { models } = await extension();
  return (await models.getChildren(parent)).map((node) => rowOf(node, models.getTreeItem(node)));
}

export async function modelRow(name = 'tiny.safetensors', parent?: Node): Promise<Row<ModelNode>> {
  const found = (await rows(parent)).find((row) => row.node.kind === 'model' && row.label === name);
  assert.ok(found, `there is no row ${name}`);
  return found as Row<ModelNode>;
}

export async function versionRows(): Promise<Row<VersionNode>[]> {
  const children = await rows((await modelRow()).node);
  return children.filter((row): row is Row<VersionNode> => row.node.kind === 'version');
}

/** The row whose label begins with, or after its tags has, this name of a version. */
export async function versionRow(name: string): Promise<Row<VersionNode>> {
  const all = await versionRows();
  const found = all.find((row) => row.label.replace(/^\[.+?\] /, '').split('  ')[0] === name);
  assert.ok(found, `there is no ${name} among: ${all.map((row) => row.label).join(' | ')}`);
  return found;
}

export async function workingRow(): Promise<Row<WorkingNode>> {
  const [first] = await rows((await modelRow()).node);
  assert.equal(first?.node.kind, 'working');
  return first as Row<WorkingNode>;
}

export async function activityRows(): Promise<Row<ActivityNode>[]> {
  const { activity } = await extension();
  return (await activity.getChildren()).map((node) => rowOf(node, activity.getTreeItem(node)));
}

/** Looks again after every change of the views until it finds what it looks for. */
export async function until<T>(look: () => Promise<T | undefined | false>, what: string): Promise<T> {
  const { models, activity } = await extension();
  return new Promise<T>((resolve, reject) => {
    const check = (): void =>
      void look()
        .catch(() => undefined) // What is not there yet may come.
        .then((found) => {
          if (found !== undefined && found !== false) settle(() => resolve(found));
        });
    const listeners = vscode.Disposable.from(
      models.onDidChangeTreeData(check),
      models.onDidChangeSelection(check),
      activity.onDidChangeTreeData(check),
      vscode.languages.onDidChangeDiagnostics(check),
      vscode.workspace.onDidChangeTextDocument(check),
      vscode.window.tabGroups.onDidChangeTabs(check),
    );
    const timer = setTimeout(() => settle(() => reject(new Error(`Did not see: ${what}`))), 60_000);
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      listeners.dispose();
      how();
    };
    check();
  });
}

export interface Answers {
  /** To input boxes, in order. */
  readonly inputs?: readonly (string | undefined)[];
  /** The button of modal questions and messages that has this title; without it they are dismissed. */
  readonly buttons?: readonly string[];
  /** Labels of rows to choose, in order: a list where several can be checked, and of those that are none as they are. */
  readonly picks?: readonly (string | RegExp | readonly string[])[];
  /** What is chosen in dialogs for a folder or a file. */
  readonly chosen?: vscode.Uri;
}

/** Everything that was said to the user. */
export interface Said {
  readonly modals: string[];
  readonly messages: string[];
  readonly errors: string[];
  /** What is asked where something is to be chosen or written. */
  readonly questions: string[];
  /** Rows of questions, with what they say. */
  readonly rows: string[];
}

type Show = (message: string, ...rest: unknown[]) => Promise<unknown>;

/** Runs something with the user's answers given beforehand, since nobody sits here; the questions are those of the extension. */
export async function answering(answers: Answers, run: () => PromiseLike<unknown>): Promise<Said> {
  const said: Said = { modals: [], messages: [], errors: [], questions: [], rows: [] };
  const inputs = [...(answers.inputs ?? [])];
  const picks = [...(answers.picks ?? [])];
  const show =
    (into: string[]): Show =>
    async (message, ...rest) => {
      const modal = rest.find((part) => typeof part === 'object' && part !== null && 'modal' in part);
      if (modal) said.modals.push([message, (modal as vscode.MessageOptions).detail ?? ''].join(' ').trim());
      else into.push(message);
      return rest.find((part) => (answers.buttons ?? []).includes(titleOf(part)));
    };
  const window = vscode.window as unknown as Record<string, unknown>;
  const replaced = {
    showInformationMessage: show(said.messages),
    showWarningMessage: show(said.messages),
    showErrorMessage: show(said.errors),
    showInputBox: async ({ title = '' }: vscode.InputBoxOptions) => {
      said.questions.push(title);
      return inputs.shift();
    },
    createQuickPick: () => fakePick(said, () => picks.shift()),
    showOpenDialog: async () => answers.chosen && [answers.chosen],
  };
  const before = Object.fromEntries(Object.keys(replaced).map((name) => [name, window[name]]));
  Object.assign(window, replaced);
  try {
    await run();
  } finally {
    Object.assign(window, before);
  }
  return said;
}

function titleOf(button: unknown): string {
  if (typeof button === 'object' && button !== null && 'title' in button) return String(button.title);
  return String(button);
}

/** A QuickPick that chooses by label as soon as it has something to choose from. */
function fakePick(said: Said, next: () => string | RegExp | readonly string[] | undefined): unknown {
  let accept = (): void => {};
  let hide = (): void => {};
  let offered: readonly vscode.QuickPickItem[] = [];
  const answer = (): void => {
    const wanted = next();
    const isWanted = ({ label }: vscode.QuickPickItem): boolean =>
      typeof wanted === 'string' ? label === wanted : wanted instanceof RegExp && wanted.test(label);
    const chosen = Array.isArray(wanted)
      ? offered.filter(({ label }) => wanted.includes(label))
      : offered.filter(isWanted);
    if (wanted === undefined || (chosen.length === 0 && !Array.isArray(wanted))) return hide();
    pick.selectedItems = chosen.length > 0 ? chosen : pick.selectedItems;
    accept();
  };
  const pick = {
    canSelectMany: false,
    placeholder: '',
    selectedItems: [] as vscode.QuickPickItem[],
    onDidAccept: (listener: () => void) => void (accept = listener),
    onDidHide: (listener: () => void) => void (hide = listener),
    onDidTriggerItemButton: () => {},
    show: () => pick.canSelectMany && answer(),
    hide: () => hide(),
    dispose: () => {},
    set items(items: vscode.QuickPickItem[]) {
      offered = items;
      said.questions.push(pick.placeholder);
      for (const { label, description, detail } of items)
        said.rows.push([label, description, detail].filter(Boolean).join(' | '));
      if (!pick.canSelectMany) answer();
    },
  };
  return pick;
}

export function run(command: string, ...args: unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(`modeltrail.${command}`, ...args);
}

export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
