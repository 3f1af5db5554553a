import * as vscode from 'vscode';
import type { Operation } from '../core/operation.ts';
import type { ModelRow } from '../trail/api.ts';
import { coalesce } from './coalesce.ts';
import { reportError, runLong } from './longOperation.ts';
import type { OpenTrail } from './openTrail.ts';
import type { Trails } from './roots.ts';
import { outsidePatterns, workspacePatterns } from './watchPatterns.ts';

/** A training run writes in bursts, and goes on writing. In milliseconds. */
const quiet = 500;
const latest = 5000;

/** Has trails look again when files of theirs change: models, the journal, and where Git's branches point. */
export class Watch implements vscode.Disposable {
  readonly #trails: Trails;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscription: vscode.Disposable;
  #following: vscode.Disposable[] = [];

  constructor(trails: Trails, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#log = log;
    this.#subscription = trails.onDidOpen((opened) => {
      this.#stop();
      this.#following = opened.map((trail) => follow(trail, () => void this.#refresh(trail)));
      for (const trail of opened) void this.#refresh(trail);
    });
  }

  async #refresh(trail: OpenTrail): Promise<void> {
    try {
      await refreshTrail(this.#trails, trail);
    } catch (error) {
      reportError(this.#log, error);
    }
  }

  #stop(): void {
    for (const watchers of this.#following) watchers.dispose();
    this.#following = [];
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#stop();
  }
}

export function refreshTrail(trails: Trails, trail: OpenTrail): Promise<void> {
  const title = vscode.l10n.t('Looking for models and their versions');
  const refresh = async (operation: Operation): Promise<void> => {
    await trail.api.refresh(operation);
    await trail.api.checkWorkingCopies(operation);
    // Whatever else read a file meanwhile, such as a diff, left nothing to check and so nothing to tell.
    const isUnchecked = ({ working }: ModelRow): boolean => working.state === 'unchecked';
    if ((await trail.models()).some(isUnchecked)) trails.announce(trail);
  };
  return runLong(title, refresh, 'view');
}

function follow(trail: OpenTrail, refresh: () => void): vscode.Disposable {
  const refreshSoon = coalesce(refresh, quiet, latest);
  const watchers: vscode.Disposable[] = [];
  let stopped = false;
  const watch = (pattern: vscode.GlobPattern): void => {
    if (stopped) return;
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    watcher.onDidChange(refreshSoon);
    watcher.onDidCreate(refreshSoon);
    watcher.onDidDelete(refreshSoon);
    watchers.push(watcher);
  };
  for (const pattern of workspacePatterns(trail)) watch(pattern);
  void outsidePatterns(trail).then((patterns) => patterns.forEach(watch));
  return new vscode.Disposable(() => {
    stopped = true;
    refreshSoon.cancel();
    for (const watcher of watchers) watcher.dispose();
  });
}
