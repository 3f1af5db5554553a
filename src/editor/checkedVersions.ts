import * as vscode from 'vscode';
import type { ContentId, ModelPath } from '../core/facts.ts';

/** What names one version across the workspace, and can be kept over a reload. */
export interface VersionKey {
  readonly root: string;
  readonly model: ModelPath;
  readonly version: ContentId;
}

const stateKey = 'checkedVersions';

/** The versions whose boxes are checked in the tree: what the charts show. */
export class CheckedVersions implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<readonly VersionKey[]>();
  readonly #keys = new Map<string, VersionKey>();

  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
    for (const key of state.get<readonly VersionKey[]>(stateKey, [])) this.#keys.set(idOf(key), key);
  }

  get keys(): readonly VersionKey[] {
    return [...this.#keys.values()];
  }

  has(key: VersionKey): boolean {
    return this.#keys.has(idOf(key));
  }

  set(changes: readonly (readonly [key: VersionKey, checked: boolean])[]): void {
    for (const [key, checked] of changes) {
      if (checked) this.#keys.set(idOf(key), key);
      else this.#keys.delete(idOf(key));
    }
    void this.#state.update(stateKey, this.keys);
    this.#changed.fire(this.keys);
  }

  replace(keys: readonly VersionKey[]): void {
    this.#keys.clear();
    this.set(keys.map((key) => [key, true]));
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function idOf({ root, model, version }: VersionKey): string {
  return `${root}|${model}|${version}`;
}
