import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';

/**
 * Watches the folders of a journal. VS Code's own watcher does not follow folders that appear one inside the other at once, as those of
 * a journal do, and it leaves folders of the workspace to that one.
 */
export class JournalWatch implements vscode.Disposable {
  readonly #folder: string;
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #stopped = false;

  constructor(root: string, onChange: () => void) {
    this.#folder = path.join(root, '.modeltrail', 'journal');
    this.#onChange = onChange;
  }

  /** Watches what has come since the last time. */
  async follow(): Promise<void> {
    const months = await readdir(this.#folder).catch(() => undefined);
    if (!months || this.#stopped) return;
    const before = this.#watchers.size;
    const isFirst = !this.#watchers.has(this.#folder);
    this.#watch(this.#folder);
    for (const month of months) this.#watch(path.join(this.#folder, month));
    // Between its appearing and its being watched, more may have changed in a folder.
    if (!isFirst && this.#watchers.size > before) this.#onChange();
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    const forget = (): void => {
      this.#watchers.get(folder)?.close();
      this.#watchers.delete(folder);
    };
    try {
      const watcher = watch(folder, { persistent: false }, this.#onChange);
      // A folder that is removed, as when Git changes branches, may come back.
      watcher.on('error', forget);
      this.#watchers.set(folder, watcher);
    } catch {
      // Gone since it was listed, or the system watches no more: Refresh is left.
    }
  }

  dispose(): void {
    this.#stopped = true;
    for (const watcher of this.#watchers.values()) watcher.close();
  }
}
