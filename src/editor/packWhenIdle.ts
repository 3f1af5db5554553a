import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import { IdlePacking } from '../engine/idlePacking.ts';
import type { Engine } from './engine.ts';
import type { Trails } from './trails.ts';

const quietMs = 30_000;

/** Stores versions in less space while the user does something else; no more than a word in the status bar tells of it. */
export class PackWhenIdle implements vscode.Disposable {
  readonly #trails: Trails;
  readonly #packing: IdlePacking;
  readonly #subscriptions: vscode.Disposable;

  constructor(engine: Engine, trails: Trails, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#packing = new IdlePacking({
      quietMs,
      pack: (root, signal) => this.#pack(root, signal),
      onError: (error) => log.warn(messageOf(error)),
    });
    this.#subscriptions = vscode.Disposable.from(
      engine.onDidCall(({ root, method, answer }) => this.#packing.called(root, method, answer)),
      trails.onDidOpen((opened) => {
        const isOn = vscode.workspace.getConfiguration('modeltrail').get('store.packWhenIdle', true);
        this.#packing.setTrails(isOn && vscode.workspace.isTrusted ? opened.map(({ root }) => root) : []);
      }),
    );
  }

  async #pack(root: string, signal: AbortSignal): Promise<{ waiting: number }> {
    const trail = this.#trails.opened.find((opened) => opened.root === root);
    if (!trail) return { waiting: 0 };
    const title = vscode.l10n.t('Storing versions in less space');
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
      trail.api.pack({ signal, report() {} }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#packing.dispose();
  }
}
