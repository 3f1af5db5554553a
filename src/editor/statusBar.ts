import * as vscode from 'vscode';
import { activeFile, isModelName } from './activeModel.ts';
import { coalesce } from './coalesce.ts';
import { logError } from './log.ts';
import type { Trails } from './trails.ts';
import { workingVersion } from './workingVersion.ts';

/** Says which version the model in the active tab is; a click shows its versions. */
export class StatusBar implements vscode.Disposable {
  readonly #trails: Trails;
  readonly #log: vscode.LogOutputChannel;
  readonly #item = vscode.window.createStatusBarItem(
    'modeltrail.version',
    vscode.StatusBarAlignment.Left,
    10,
  );
  readonly #subscriptions: vscode.Disposable;
  #generation = 0;

  constructor(trails: Trails, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#log = log;
    this.#item.name = vscode.l10n.t('Model Version');
    const updateSoon = coalesce(() => void this.#update(), 50, 500);
    this.#subscriptions = vscode.Disposable.from(
      this.#item,
      vscode.window.tabGroups.onDidChangeTabs(updateSoon),
      vscode.window.tabGroups.onDidChangeTabGroups(updateSoon),
      trails.onDidChange(updateSoon),
      trails.onDidOpen(updateSoon),
      { dispose: updateSoon.cancel },
    );
    updateSoon();
  }

  async #update(): Promise<void> {
    const generation = ++this.#generation;
    const file = activeFile();
    // Any file can be a model by the user's own globs, but for any file nothing is opened.
    if (!file || !(isModelName(file.path) || this.#trails.opened.length > 0)) {
      this.#item.hide();
      return;
    }
    try {
      const model = await this.#trails.find(file);
      const text = model && (await workingVersion(model));
      if (generation !== this.#generation) return;
      if (!text) {
        this.#item.hide();
        return;
      }
      this.#item.text = `$(history) ${text}`;
      this.#item.tooltip = vscode.l10n.t('{0}: {1}. Click to see its versions.', model.path, text);
      this.#item.command = {
        command: 'modeltrail.goToVersion',
        title: vscode.l10n.t('Go to Version'),
        arguments: [file],
      };
      this.#item.show();
    } catch (error) {
      if (generation === this.#generation) this.#item.hide();
      logError(this.#log, error);
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
