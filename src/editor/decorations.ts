import * as vscode from 'vscode';
import type { ModelRow } from '../trail/api/models.ts';
import { isModelName } from './activeModel.ts';
import { contextKeys } from './contextKeys.ts';
import { reportError } from './longOperation.ts';
import type { OpenTrail } from './openTrail.ts';
import type { Trails } from './trails.ts';

/** Rows have an address of their own, because on that of the file Git's decorations would win. */
const rowScheme = 'modeltrail-row';

/** How a model file differs from what is known: in Restricted Mode the versions in Git history are not. */
type Change = 'changed' | 'changedSinceRecorded';

/** What a row's colour or badge tells. */
export type RowState = Change | `some/${Change}` | `stage/${string}`;

/** Rows in the same state share an address. */
export function rowUri(state: RowState): vscode.Uri {
  return vscode.Uri.from({ scheme: rowScheme, path: `/${state}` });
}

/** Of a model that never had a version none: it is new rather than changed. */
export function changeOf({ working, versions, historyHidden }: ModelRow): Change | undefined {
  if (working.state !== 'changed' || versions === 0) return undefined;
  return historyHidden === 'untrusted' ? 'changedSinceRecorded' : 'changed';
}

interface ChangedModel {
  readonly uri: vscode.Uri;
  readonly change: Change;
}

/** Marks model files that differ from every version, in the explorer and on tabs, and rows by their stage. */
export class Decorations implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly #trails: Trails;
  readonly #subscriptions: vscode.Disposable;
  /** By the address of the file, so that asking costs nothing: every file of the explorer is asked for. */
  #changedModels = new Map<string, ChangedModel>();

  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(trails: Trails, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#log = log;
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.registerFileDecorationProvider(this),
      trails.onDidChange(() => void this.update()),
      // Of what was found as they were opened no change is told.
      trails.onDidOpen(() => void this.update()),
    );
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme === rowScheme) return rowDecoration(uri.path.slice(1));
    const changed = uri.scheme === 'file' ? this.#changedModels.get(uri.toString()) : undefined;
    return changed && changedDecoration(changed.change);
  }

  /** Looks at the models of the trails that are open. */
  async update(): Promise<void> {
    try {
      const lists = await Promise.all(this.#trails.opened.map(changedIn));
      contextKeys.otherModels.set((await Promise.all(this.#trails.opened.map(otherModelsIn))).flat());
      const before = this.#changedModels;
      this.#changedModels = new Map(lists.flat().map((model) => [model.uri.toString(), model]));
      const different = [...before, ...this.#changedModels].filter(
        ([key]) => before.get(key)?.change !== this.#changedModels.get(key)?.change,
      );
      if (different.length > 0) this.#changed.fire(different.map(([, { uri }]) => uri));
    } catch (error) {
      reportError(this.#log, error);
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }
}

async function changedIn(trail: OpenTrail): Promise<ChangedModel[]> {
  return (await trail.models()).flatMap((row) => {
    const change = changeOf(row);
    return change ? [{ uri: trail.uri(row.path), change }] : [];
  });
}

/** Paths as the explorer has them: its menu asks for them. */
async function otherModelsIn(trail: OpenTrail): Promise<string[]> {
  const others = (await trail.models()).filter(
    ({ path, working }) => working.files !== undefined || !isModelName(path),
  );
  return others.map((row) => trail.uri(row.path).fsPath);
}

function changedDecoration(change: Change): vscode.FileDecoration {
  return new vscode.FileDecoration(
    // Not Git's M: a file can differ from its last commit and still be a version that is recorded.
    '≠',
    change === 'changed'
      ? vscode.l10n.t('Modeltrail: differs from every version')
      : vscode.l10n.t(
          'Modeltrail: differs from every recorded version. In Restricted Mode those in Git history are not known.',
        ),
    new vscode.ThemeColor('gitDecoration.modifiedResourceForeground'),
  );
}

/** Of a series. */
function someChangedDecoration(change: Change): vscode.FileDecoration {
  const { badge, color } = changedDecoration(change);
  const tooltip =
    change === 'changed'
      ? vscode.l10n.t('Modeltrail: some of these differ from every version')
      : vscode.l10n.t(
          'Modeltrail: some of these differ from every recorded version. In Restricted Mode those in Git history are not known.',
        );
  return new vscode.FileDecoration(badge, tooltip, color);
}

function rowDecoration(state: string): vscode.FileDecoration | undefined {
  if (state === 'changed' || state === 'changedSinceRecorded') return changedDecoration(state);
  if (state === 'some/changed') return someChangedDecoration('changed');
  if (state === 'some/changedSinceRecorded') return someChangedDecoration('changedSinceRecorded');
  const [, stage] = /^stage\/(.+)$/.exec(state) ?? [];
  if (stage === undefined) return undefined;
  const initial = [...stage][0]?.toUpperCase();
  // Without a colour, which would be that of the label too.
  return new vscode.FileDecoration(initial, vscode.l10n.t('Stage: {0}', stage));
}
