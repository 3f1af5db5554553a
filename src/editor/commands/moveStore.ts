import * as vscode from 'vscode';
import type { MoveReport } from '../../trail/api/store.ts';
import { runLong } from '../longOperation.ts';
import { type OpenTrail, trailAt } from '../openTrail.ts';
import type { Trails } from '../trails.ts';
import { formatBytes } from '../text.ts';
import { type Command, confirm, requireTrust } from './context.ts';
import { pickTrail } from './pick.ts';

const setting = 'store.path';

/** Copies the store to another folder, verifies it there, and uses it from then on. */
export const moveStore: Command = async ({ trails }) => {
  requireTrust();
  const { l10n } = vscode;
  const trail = await pickTrail(trails, l10n.t('Move Store'));
  if (!trail) return;
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: l10n.t('Move the store of {0} to an empty folder', trail.root),
      openLabel: l10n.t('Move Store Here'),
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  if (!folder) return;
  const { store } = await trail.api.info();
  const sentence = l10n.t(
    'Move the store from {0} to {1}? It is copied and verified there before it is removed here.',
    store,
    folder.fsPath,
  );
  if (!(await confirm(sentence, l10n.t('Move')))) return;
  const copied = await move(trail, folder.fsPath);
  const report = trail.settings.storePath
    ? { ...(await switchSetting(trails, trail, copied)), copied: copied.copied }
    : copied;
  void vscode.window.showInformationMessage(outcome(report));
};

function move(trail: OpenTrail, folder: string): Promise<MoveReport> {
  return runLong(
    vscode.l10n.t('Moving the store to {0}', folder),
    (operation) => trail.api.moveStore(folder, operation),
    'now',
  );
}

/** Where the setting says which folder it is, it has to follow, where it was set; only then the old contents can go. */
async function switchSetting(
  trails: Trails,
  { base, root }: OpenTrail,
  copied: MoveReport,
): Promise<MoveReport> {
  const settings = vscode.workspace.getConfiguration('modeltrail', base);
  const set = settings.inspect(setting);
  const target =
    set?.workspaceFolderValue !== undefined
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : set?.workspaceValue !== undefined
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
  await settings.update(setting, copied.to, target);
  trails.reopen();
  const now = trailAt(await trails.open(), root);
  // There was nothing in the old folder.
  return copied.removed ? copied : move(now, copied.to);
}

function outcome({ from, to, copied, removed }: MoveReport): string {
  const { l10n } = vscode;
  const moved = l10n.t('The store is in {0} now. {1} were copied and verified.', to, formatBytes(copied));
  if (removed) return moved;
  const left = l10n.t('The old one is still in {0}: others use it, or something in it is damaged.', from);
  return `${moved} ${left}`;
}
