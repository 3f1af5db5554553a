import * as vscode from 'vscode';
import { activeFile, isModelName } from './activeModel.ts';
import { coalesce } from './coalesce.ts';
import type { InspectEditor } from './inspect/inspectEditor.ts';
import { logError } from './log.ts';
import type { ModelRef } from './openTrail.ts';
import type { Trails } from './trails.ts';
import { nameOfVersion, workingVersion } from './workingVersion.ts';

/** Says which version the active tab shows of a model, and which the file is; a click shows its versions. */
export class StatusBar implements vscode.Disposable {
  readonly #trails: Trails;
  readonly #inspect: InspectEditor;
  readonly #log: vscode.LogOutputChannel;
  readonly #item = vscode.window.createStatusBarItem(
    'modeltrail.version',
    vscode.StatusBarAlignment.Left,
    10,
  );
  readonly #subscriptions: vscode.Disposable;
  #generation = 0;

  constructor(trails: Trails, inspect: InspectEditor, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#inspect = inspect;
    this.#log = log;
    this.#item.name = vscode.l10n.t('Model Version');
    const updateSoon = coalesce(() => void this.#update(), 50, 500);
    this.#subscriptions = vscode.Disposable.from(
      this.#item,
      vscode.window.tabGroups.onDidChangeTabs(updateSoon),
      vscode.window.tabGroups.onDidChangeTabGroups(updateSoon),
      trails.onDidChange(updateSoon),
      trails.onDidOpen(updateSoon),
      inspect.onDidChangeShown(updateSoon),
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
      const text = model && (await this.#textOf(model, file));
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

  async #textOf(model: ModelRef, file: vscode.Uri): Promise<string | undefined> {
    const working = await workingVersion(model);
    const id = this.#inspect.activeVersion(file);
    if (working === undefined || id === undefined) return working;
    const shown = await nameOfVersion(model, id);
    return shown === working ? shown : vscode.l10n.t('{0} (working copy: {1})', shown, working);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
