import * as vscode from 'vscode';
import type { Operation } from '../core/operation.ts';
import { coalesce } from './coalesce.ts';
import { DirectoryWatch } from './directoryWatch.ts';
import { watchFolders } from './folderWatch.ts';
import { JournalWatch } from './journalWatch.ts';
import { reportError, runLong } from './longOperation.ts';
import type { OpenTrail } from './openTrail.ts';
import type { Trails } from './trails.ts';
import { gitPatterns, workspacePatterns } from './watchPatterns.ts';

/** A training run writes in bursts, and goes on writing. In milliseconds. */
const quiet = 500;
const latest = 5000;

/** Has trails look again when files of theirs change: models, the journal, and where Git's branches point; and opened anew when their folders go or come. */
export class Watch implements vscode.Disposable {
  readonly #trails: Trails;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: vscode.Disposable;
  #following: vscode.Disposable[] = [];

  constructor(trails: Trails, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#log = log;
    const followFolders = (): void => void trails.followFolders().catch((error) => reportError(log, error));
    const followFoldersSoon = coalesce(followFolders, quiet, latest);
    this.#subscriptions = vscode.Disposable.from(
      { dispose: followFoldersSoon.cancel },
      onFocus(followFoldersSoon),
      trails.onDidOpen((opened) => {
        this.#stop();
        this.#following = [watchFolders(followFoldersSoon), ...opened.map((trail) => this.#follow(trail))];
      }),
    );
  }

  #follow(trail: OpenTrail): vscode.Disposable {
    const refresh = async (): Promise<void> => {
      try {
        if (await this.#trails.followFolders()) return;
        // Watched first: what changes while it is read is seen then.
        await journal.follow();
        await refreshTrail(trail);
        await journal.follow();
        await directories.follow();
      } catch (error) {
        reportError(this.#log, error);
      }
    };
    const refreshSoon = coalesce(() => void refresh(), quiet, latest);
    const journal = new JournalWatch(trail.root, refreshSoon);
    const directories = new DirectoryWatch(trail, refreshSoon);
    // First what there is to show.
    void trail.models().then(refresh, refresh);
    return vscode.Disposable.from(
      { dispose: refreshSoon.cancel },
      journal,
      directories,
      watchFiles(trail, refreshSoon),
      this.#trails.onDidChange((event) => {
        if (event.trail !== trail) return;
        if (event.change === 'journal') void journal.follow();
        // Why models cannot be had is said where they are shown.
        if (event.change === 'models') void directories.follow().catch(() => undefined);
      }),
      onFocus(refreshSoon),
    );
  }

  #stop(): void {
    for (const watchers of this.#following) watchers.dispose();
    this.#following = [];
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#stop();
  }
}

/** Watchers do not see everything: not all file systems tell, and not all folders are followed. */
function onFocus(look: () => void): vscode.Disposable {
  return vscode.window.onDidChangeWindowState(({ focused }) => {
    if (focused) look();
  });
}

export function refreshTrail(trail: OpenTrail): Promise<void> {
  const title = vscode.l10n.t('Looking for models and their versions');
  const refresh = async (operation: Operation): Promise<void> => {
    await trail.api.refresh(operation);
    await trail.api.checkWorkingCopies(operation);
  };
  return runLong(title, refresh, 'view');
}

function watchFiles(trail: OpenTrail, onChange: () => void): vscode.Disposable {
  const watchers: vscode.Disposable[] = [];
  let stopped = false;
  const watch = (pattern: vscode.GlobPattern): void => {
    if (stopped) return;
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    watcher.onDidChange(onChange);
    watcher.onDidCreate(onChange);
    watcher.onDidDelete(onChange);
    watchers.push(watcher);
  };
  for (const pattern of workspacePatterns(trail)) watch(pattern);
  void gitPatterns(trail.root).then((patterns) => patterns.forEach(watch));
  return new vscode.Disposable(() => {
    stopped = true;
    for (const watcher of watchers) watcher.dispose();
  });
}
