import * as vscode from 'vscode';
import { sameKey } from '../../core/versionKey.ts';
import { versionName } from '../../core/versions.ts';
import { diffContract, diffStateSchema, type SidePair, type Sides } from '../../webview/diff/messages.ts';
import { translations } from '../engine.ts';
import { logError } from '../log.ts';
import { reportError } from '../longOperation.ts';
import type { ManifestFileSystem } from '../manifestFileSystem.ts';
import { manifestUri } from '../manifestUri.ts';
import { trailAt } from '../openTrail.ts';
import type { Trails, TrailsEvent } from '../trails.ts';
import { baseName } from '../text.ts';
import { diffSession } from './diffSession.ts';
import { knownSide, type KnownSide, sidesOf } from './diffSides.ts';
import {
  connectWebview,
  createPanel,
  restorePanels,
  type WebviewConnection,
  type WebviewDeps,
} from './webviewPanel.ts';

export interface DiffPanelsDeps extends WebviewDeps {
  readonly trails: Trails;
  readonly manifests: Pick<ManifestFileSystem, 'prepare'>;
  /** Shows what is inside a version, or the working copy. */
  inspect(file: vscode.Uri, version?: string): Promise<void>;
}

interface OpenDiff {
  readonly panel: vscode.WebviewPanel;
  readonly connection: WebviewConnection<typeof diffContract>;
  pair: SidePair;
}

const kind = { viewType: 'modeltrail.diff', bundle: 'diff', icon: 'diff', contract: diffContract };

/** The panels that show what changed from one version, or working copy, to another: one for every two. */
export class DiffPanels implements vscode.Disposable {
  readonly #deps: DiffPanelsDeps;
  readonly #open = new Set<OpenDiff>();
  readonly #subscription: vscode.Disposable;

  constructor(deps: DiffPanelsDeps) {
    this.#deps = deps;
    this.#subscription = deps.trails.onDidChange((event) => this.#refresh(event));
  }

  /** Lets the panels come back after a reload of the window, with what they compared. */
  register(): vscode.Disposable {
    return restorePanels(kind, diffStateSchema, (panel, state) => {
      if (state?.pair) this.#adopt(panel, state.pair);
      else panel.dispose();
    });
  }

  /** Opens the panel of two, or brings it to the front. */
  show(pair: SidePair): void {
    const open = [...this.#open].find((open) => isSame(open.pair, pair));
    if (open) open.panel.reveal();
    else this.#adopt(createPanel(kind, baseName(pair.b.model)), pair);
  }

  /** Opens what the active panel compares as text, side by side. */
  async openActiveAsText(): Promise<void> {
    const open = [...this.#open].find(({ panel }) => panel.active);
    if (open) await this.#openAsText(open.pair);
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const { panel } of this.#open) panel.dispose();
  }

  #adopt(panel: vscode.WebviewPanel, pair: SidePair): void {
    const { trails } = this.#deps;
    const connection = connectWebview(
      panel,
      kind,
      this.#deps,
      diffSession({
        pair: () => open.pair,
        trails: () => trails.open(),
        sides: () => this.#sides(open),
        swap: async () => {
          open.pair = { a: open.pair.b, b: open.pair.a };
          await this.#tell(open);
        },
        openAsText: () =>
          this.#openAsText(open.pair).catch((error: unknown) => reportError(this.#deps.log, error)),
        inspect: async ({ root, model, version }) => {
          const trail = trailAt(await trails.open(), root);
          await this.#deps.inspect(trail.uri(model), version);
        },
        translations,
      }),
    );
    const open: OpenDiff = { panel, connection, pair };
    this.#open.add(open);
    panel.onDidDispose(() => this.#open.delete(open));
  }

  async #known({ a, b }: SidePair): Promise<readonly [KnownSide, KnownSide]> {
    const opened = await this.#deps.trails.open();
    return Promise.all([knownSide(opened, a), knownSide(opened, b)]);
  }

  async #sides(open: OpenDiff): Promise<Sides> {
    const { pair } = open;
    const [a, b] = await this.#known(pair);
    open.panel.title = titleOf(a, b);
    return sidesOf(pair, a, b);
  }

  async #tell(open: OpenDiff): Promise<void> {
    try {
      open.connection.tell('sides', await this.#sides(open));
    } catch (error) {
      logError(this.#deps.log, error);
    }
  }

  #refresh({ trail }: TrailsEvent): void {
    for (const open of this.#open) {
      const { a, b } = open.pair;
      if (!trail || trail.root === a.root || trail.root === b.root) void this.#tell(open);
    }
  }

  async #openAsText(pair: SidePair): Promise<void> {
    const [a, b] = await this.#known(pair);
    const [left, right] = [manifestUri(a), manifestUri(b)];
    await Promise.all([left, right].map((uri) => this.#deps.manifests.prepare(uri)));
    await vscode.commands.executeCommand('vscode.diff', left, right, titleOf(a, b));
  }
}

function titleOf(a: KnownSide, b: KnownSide): string {
  const [left, right] = [a, b].map(({ version }) =>
    version ? versionName(version) : vscode.l10n.t('working copy'),
  );
  const isOneModel = a.path === b.path && a.trail.root === b.trail.root;
  return isOneModel
    ? vscode.l10n.t('{0}: {1} ↔ {2}', baseName(a.path), left ?? '', right ?? '')
    : vscode.l10n.t('{0} {1} ↔ {2} {3}', baseName(a.path), left ?? '', baseName(b.path), right ?? '');
}

function isSame(one: SidePair, other: SidePair): boolean {
  return sameKey(one.a, other.a) && sameKey(one.b, other.b);
}
