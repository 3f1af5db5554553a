import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import type { VersionKey } from '../../core/versionKey.ts';
import type { ActivityView } from '../activityView.ts';
import type { CheckedVersions } from '../checkedVersions.ts';
import type { FilterState } from '../filterState.ts';
import type { InspectEditor } from '../inspect/inspectEditor.ts';
import type { ManifestFileSystem } from '../manifestFileSystem.ts';
import type { ModelsView } from '../modelsView.ts';
import type { DiffPanels } from '../panels/diffPanels.ts';
import type { Problems } from '../problems.ts';
import type { Trails } from '../trails.ts';

/** What commands work with. */
export interface CommandContext {
  readonly trails: Trails;
  readonly checked: CheckedVersions;
  readonly filter: FilterState;
  readonly models: ModelsView;
  readonly activity: ActivityView;
  readonly problems: Problems;
  readonly inspect: Pick<InspectEditor, 'show'>;
  readonly manifests: Pick<ManifestFileSystem, 'prepare'>;
  readonly diffs: Pick<DiffPanels, 'show' | 'openActiveAsText'>;
  readonly log: vscode.LogOutputChannel;
  showComparison(keys: readonly VersionKey[]): Promise<void>;
}

/** A command gets what was clicked, and all that is selected; from the palette, nothing. */
export type Command = (context: CommandContext, target?: unknown, selected?: unknown) => Promise<void>;

/** Says why nothing can be changed in Restricted Mode, where a keybinding or a link still reaches a disabled command. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new TrailError(
    'refused',
    vscode.l10n.t('In Restricted Mode Modeltrail only reads. Trust this workspace to change something.'),
  );
}

/**
 * Asks in one sentence before something that cannot be overlooked later.
 * @param detail what will be the case then, if the question does not say it
 */
export async function confirm(sentence: string, action: string, detail?: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(sentence, { modal: true, detail }, action)) === action;
}
