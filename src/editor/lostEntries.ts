import * as vscode from 'vscode';
import { unattended } from '../core/operation.ts';
import type { LostEntries } from '../trail/api/changes.ts';
import { coalesce } from './coalesce.ts';
import { logError } from './log.ts';
import { reportError } from './longOperation.ts';
import type { OpenTrail } from './openTrail.ts';
import { baseName, listOrCount, modelCount } from './text.ts';
import type { Trails } from './trails.ts';

/** Git takes files out of a folder one by one, and puts some of them back. In milliseconds. */
const quiet = 1000;
const latest = 5000;

/** Offers to bring back what was taken out of the journal and is in no commit, as after `git clean`: once for each entry. */
export class LostEntriesOffer implements vscode.Disposable {
  readonly #trails: Trails;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: vscode.Disposable;
  readonly #offered = new Set<string>();

  constructor(trails: Trails, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#log = log;
    const lookSoon = coalesce(() => void this.#look(), quiet, latest);
    this.#subscriptions = vscode.Disposable.from(
      { dispose: lookSoon.cancel },
      trails.onDidOpen(lookSoon),
      trails.onDidChange(({ change }) => {
        if (change === 'journal') lookSoon();
      }),
    );
  }

  async #look(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    for (const trail of this.#trails.opened) {
      try {
        const lost = await trail.api.lostEntries(unattended);
        if (!lost || lost.names.every((name) => this.#offered.has(name))) continue;
        for (const name of lost.names) this.#offered.add(name);
        // Not awaited: nobody may ever answer.
        void this.#offer(trail, lost).catch((error: unknown) => reportError(this.#log, error));
      } catch (error) {
        // Nobody asked: what is wrong shows where somebody does.
        logError(this.#log, error);
      }
    }
  }

  async #offer({ api }: OpenTrail, { names, models }: LostEntries): Promise<void> {
    const { l10n } = vscode;
    const about = listOrCount(models.map(baseName), modelCount);
    const sentence =
      names.length === 1
        ? l10n.t('What was noted of {0} is neither in the journal nor in a commit any more.', about)
        : l10n.t(
            'What was noted of {0} is neither in the journal nor in a commit any more: {1} entries.',
            about,
            names.length,
          );
    const [back, letGo] = [l10n.t('Bring Back'), l10n.t('Let Go')];
    const answer = await vscode.window.showWarningMessage(sentence, back, letGo);
    if (answer === letGo) await api.letGo(names, unattended);
    if (answer !== back) return;
    const count = await api.bringBack(unattended);
    const done =
      count === 1
        ? l10n.t('One entry of the journal was brought back.')
        : l10n.t('{0} entries of the journal were brought back.', count);
    void vscode.window.showInformationMessage(done);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
