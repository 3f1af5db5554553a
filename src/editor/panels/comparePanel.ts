import * as vscode from 'vscode';
import {
  compareContract,
  type CompareSnapshot,
  compareStateSchema,
  type VersionKey,
} from '../../webview/compare/messages.ts';
import { translations } from '../engine.ts';
import type { RootedVersion } from '../versionsOfKeys.ts';
import { compareSnapshot } from './compareSnapshot.ts';
import { connectWebview, createPanel, restorePanels, type WebviewDeps } from './webviewPanel.ts';

export interface ComparePanelDeps extends WebviewDeps {
  /** Versions that are no longer known are left out. */
  load(keys: readonly VersionKey[]): Promise<readonly RootedVersion[]>;
  /** How many versions a model has. */
  total(key: VersionKey): Promise<number | undefined>;
  /** Checks so many of the newest versions of a model, too. */
  checkNewest(key: VersionKey, count: number): Promise<void>;
  /** Shows a version in the tree. */
  reveal(key: VersionKey): Promise<void>;
  /** Shows what changed from one version to another. */
  diff(a: VersionKey, b: VersionKey): void;
}

const kind = {
  viewType: 'modeltrail.compare',
  bundle: 'compare',
  icon: 'compare',
  contract: compareContract,
};

/** The one panel of a window that compares versions: those that are checked in the tree. */
export class ComparePanel implements vscode.Disposable {
  readonly #deps: ComparePanelDeps;
  #keys: readonly VersionKey[] = [];
  #revision = 0;
  #open: { readonly panel: vscode.WebviewPanel; tell(snapshot: CompareSnapshot): void } | undefined;

  constructor(deps: ComparePanelDeps) {
    this.#deps = deps;
  }

  /** Lets the panel come back after a reload of the window, with the versions that it had. */
  register(): vscode.Disposable {
    return restorePanels(kind, compareStateSchema, (panel, state) => {
      this.#keys = state?.keys ?? [];
      this.#adopt(panel);
    });
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Opens the panel, or brings it to the front. */
  async show(keys: readonly VersionKey[]): Promise<void> {
    if (this.#open) {
      this.#open.panel.reveal();
      await this.update(keys);
      return;
    }
    this.#keys = keys;
    this.#adopt(createPanel(kind, vscode.l10n.t('Compare Versions')));
  }

  /** Shows other versions, or the same ones anew after a change to them; does nothing while the panel is closed. */
  async update(keys: readonly VersionKey[] = this.#keys): Promise<void> {
    this.#keys = keys;
    this.#revision++;
    const open = this.#open;
    if (!open) return;
    try {
      open.tell(await this.#snapshot());
    } catch (error) {
      this.#deps.log.error('The compared versions could not be loaded', error as Error);
    }
  }

  dispose(): void {
    this.#open?.panel.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#open?.panel.dispose();
    const connection = connectWebview(panel, kind, this.#deps, {
      translations: () => translations() ?? null,
      snapshot: () => this.#snapshot(),
      reveal: async (key) => void (await this.#deps.reveal(key)),
      diff: async (a, b) => void this.#deps.diff(a, b),
      compareNewest: async (key, count) => void (await this.#deps.checkNewest(key, count)),
      copy: async (text) => void (await vscode.env.clipboard.writeText(text)),
    });
    const open = { panel, tell: (snapshot: CompareSnapshot) => connection.tell('changed', snapshot) };
    this.#open = open;
    panel.onDidDispose(() => {
      if (this.#open === open) this.#open = undefined;
    });
  }

  /** Of the newest request: what was asked for may change while it loads. */
  async #snapshot(): Promise<CompareSnapshot> {
    for (;;) {
      const [keys, revision] = [this.#keys, this.#revision];
      const versions = keys.length === 0 ? [] : await this.#deps.load(keys);
      const snapshot = compareSnapshot(keys, versions);
      const [column] = snapshot.models.length === 1 ? snapshot.versions : [];
      const total = column && (await this.#deps.total(column.key));
      if (revision === this.#revision) return { ...snapshot, total };
    }
  }
}
