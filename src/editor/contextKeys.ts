import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { TrailInfo } from '../trail/api/models.ts';

/** A value that `when` clauses in package.json can ask for. */
class ContextKey<T extends string | number | boolean | readonly string[]> {
  readonly #name: string;
  #value: T | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  set(value: T): void {
    if (isDeepStrictEqual(value, this.#value)) return;
    this.#value = value;
    void vscode.commands.executeCommand('setContext', this.#name, value);
  }
}

export const contextKeys = {
  /** What the models view has to say when it has nothing to list. */
  state: new ContextKey<'loading' | 'ready' | 'empty'>('modeltrail.state'),
  /** Known as soon as the trails are open, also where no view shows. */
  hasModels: new ContextKey<boolean>('modeltrail.hasModels'),
  /** Whether anything was recorded or said of a version; not set before that is known. */
  activity: new ContextKey<'empty' | 'some'>('modeltrail.activity'),
  /** Models whose names do not tell: folders, and files of the user's own globs. */
  otherModels: new ContextKey<readonly string[]>('modeltrail.otherModels'),
  /** Whether any version is checked, be its row there or not. */
  checked: new ContextKey<boolean>('modeltrail.checked'),
  /** Whether the models view is filtered. */
  filtered: new ContextKey<boolean>('modeltrail.filtered'),
  git: new ContextKey<TrailInfo['git']>('modeltrail.git'),
  restricted: new ContextKey<boolean>('modeltrail.restricted'),
};

/** On a busy machine the editor's own key says for a minute after the start that nothing is trusted, and what can be done is greyed out. */
export function tellWhetherRestricted(): vscode.Disposable {
  contextKeys.restricted.set(!vscode.workspace.isTrusted);
  return vscode.workspace.onDidGrantWorkspaceTrust(() => contextKeys.restricted.set(false));
}
