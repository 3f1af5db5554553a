import * as vscode from 'vscode';
import { parseFilter } from '../core/versionFilter.ts';
import { contextKeys } from './contextKeys.ts';

const stateKey = 'versionFilter';

/** What the models view is filtered by, as the user wrote it; empty where all versions show. */
export class FilterState implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  #text: string;

  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
    const kept = state.get(stateKey, '');
    // Another release may have understood it.
    this.#text = isUnderstood(kept) ? kept : '';
    contextKeys.filtered.set(this.#text !== '');
  }

  get text(): string {
    return this.#text;
  }

  /** @throws TrailError `usage` when it makes no sense */
  set(text: string): void {
    parseFilter(text);
    this.#text = text.trim();
    contextKeys.filtered.set(this.#text !== '');
    void this.#state.update(stateKey, this.#text);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function isUnderstood(text: string): boolean {
  try {
    parseFilter(text);
    return true;
  } catch {
    return false;
  }
}
