import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';

/**
 * Watches the folders of a journal. VS Code's own watcher does not follow folders that appear one inside the other at once, as those of
 * a journal do, and it leaves folders of the workspace to that one.
 */
export class JournalWatch implements vscode.Disposable {
  readonly #folder: string;
  readonly #onChange: () => void;
  /** By their paths. */
  readonly #watchers = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>();
  #isFollowed = false;
  #stopped = false;

  constructor(root: string, onChange: () => void) {
    this.#folder = path.join(root, '.modeltrail', 'journal');
    this.#onChange = onChange;
  }

  /** Watches what has come since the last time, also in the place of what is gone, as when Git changes branches. */
  async follow(): Promise<void> {
    const folders = await this.#folders();
    if (this.#stopped) return;
    for (const [folder, { identity }] of this.#watchers)
      if (folders.get(folder) !== identity) this.#forget(folder);
    let isNew = false;
    for (const [folder, identity] of folders) isNew = this.#watch(folder, identity) || isNew;
    // Between its appearing and its being watched, more may have changed in a folder.
    if (isNew && this.#isFollowed) this.#onChange();
    this.#isFollowed = true;
  }

  /** The folders of the journal, each with what tells it from another one of its name. */
  async #folders(): Promise<ReadonlyMap<string, string>> {
    const months = await readdir(this.#folder).catch(() => []);
    const found = new Map<string, string>();
    for (const folder of [this.#folder, ...months.map((month) => path.join(this.#folder, month))]) {
      const stats = await stat(folder, { bigint: true }).catch(() => undefined);
      // The number of one that was removed may be given to the next.
      if (stats) found.set(folder, `${stats.ino} ${stats.birthtimeNs}`);
    }
    return found;
  }

  /** @returns whether it was not watched before */
  #watch(folder: string, identity: string): boolean {
    if (this.#watchers.has(folder)) return false;
    try {
      const watcher = watch(folder, { persistent: false }, this.#onChange);
      watcher.on('error', () => this.#forget(folder));
      this.#watchers.set(folder, { watcher, identity });
      return true;
    } catch {
      // Gone since it was listed, or the system watches no more: Refresh is left.
      return false;
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.watcher.close();
    this.#watchers.delete(folder);
  }

  dispose(): void {
    this.#stopped = true;
    for (const { watcher } of this.#watchers.values()) watcher.close();
  }
}
