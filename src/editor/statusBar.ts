import * as vscode from 'vscode';
import { versionName } from '../core/versions.ts';
import { activeFile, isModelName } from './activeModel.ts';
import { coalesce } from './coalesce.ts';
import { stateText } from './modelItems.ts';
import type { ModelRef } from './openTrail.ts';
import type { Trails } from './roots.ts';
import { shortId } from './text.ts';

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
      const text = model && (await textFor(model));
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
      this.#log.error(error instanceof Error ? error : String(error));
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

/** `v4`, `changed since v4`... */
async function textFor({ trail, path }: ModelRef): Promise<string | undefined> {
  const row = (await trail.models()).find((row) => row.path === path);
  if (!row) return undefined;
  const { working, latest } = row;
  if (working.state === 'same' && working.version !== undefined) {
    if (latest?.id === working.version) return versionName(latest);
    const { version } = await trail.api.resolve(`${path}@${working.version}`);
    return version ? versionName(version) : shortId(working.version);
  }
  if (working.state === 'changed' && latest) return vscode.l10n.t('changed since {0}', versionName(latest));
  return stateText(row, undefined);
}
