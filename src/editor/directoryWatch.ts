import * as vscode from 'vscode';
import type { OpenTrail } from './openTrail.ts';

/** Watches the files of models that are directories: they have any name. */
export class DirectoryWatch implements vscode.Disposable {
  readonly #trail: OpenTrail;
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, vscode.Disposable>();
  #isFollowed = false;
  #stopped = false;

  constructor(trail: OpenTrail, onChange: () => void) {
    this.#trail = trail;
    this.#onChange = onChange;
  }

  /** Watches the directories that there are now. */
  async follow(): Promise<void> {
    const rows = await this.#trail.models();
    if (this.#stopped) return;
    const paths = new Set(rows.filter(({ working }) => working.files !== undefined).map(({ path }) => path));
    for (const [path, watcher] of this.#watchers) {
      if (paths.has(path)) continue;
      watcher.dispose();
      this.#watchers.delete(path);
    }
    const fresh = [...paths].filter((path) => !this.#watchers.has(path));
    for (const path of fresh) this.#watchers.set(path, this.#watch(path));
    // Between its being read and its being watched, more may have changed in a directory.
    if (fresh.length > 0 && this.#isFollowed) this.#onChange();
    this.#isFollowed = true;
  }

  #watch(path: string): vscode.Disposable {
    const pattern = new vscode.RelativePattern(this.#trail.uri(path), '**');
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    watcher.onDidChange(this.#onChange);
    watcher.onDidCreate(this.#onChange);
    watcher.onDidDelete(this.#onChange);
    return watcher;
  }

  dispose(): void {
    this.#stopped = true;
    for (const watcher of this.#watchers.values()) watcher.dispose();
  }
}
