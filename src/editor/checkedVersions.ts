import * as vscode from 'vscode';
import { keyText, type VersionKey } from '../core/versionKey.ts';

const stateKey = 'checkedVersions';

/** The versions whose boxes are checked in the tree: what the charts show. */
export class CheckedVersions implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<readonly VersionKey[]>();
  readonly #keys = new Map<string, VersionKey>();

  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
    for (const key of state.get<readonly VersionKey[]>(stateKey, [])) this.#keys.set(keyText(key), key);
  }

  get keys(): readonly VersionKey[] {
    return [...this.#keys.values()];
  }

  has(key: VersionKey): boolean {
    return this.#keys.has(keyText(key));
  }

  set(changes: readonly (readonly [key: VersionKey, checked: boolean])[]): void {
    for (const [key, checked] of changes) {
      if (checked) this.#keys.set(keyText(key), key);
      else this.#keys.delete(keyText(key));
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
