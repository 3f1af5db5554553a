import * as vscode from 'vscode';
import { reportError } from '../longOperation.ts';
import { addMetrics } from './addMetrics.ts';
import { checkWorkingCopy } from './checkWorkingCopy.ts';
import { compareVersions } from './compareVersions.ts';
import type { Command, CommandContext } from './context.ts';
import { copyVersionId } from './copyVersionId.ts';
import { diffVersions, diffWithNewestVersion, diffWithWorkingCopy, openDiffAsText } from './diff.ts';
import { editNote } from './editNote.ts';
import { clearFilter, filterVersions } from './filterVersions.ts';
import { followRename } from './followRename.ts';
import { forgetVersion } from './forgetVersion.ts';
import { freeSpace } from './freeSpace.ts';
import { goToVersion } from './goToVersion.ts';
import { loadMore } from './loadMore.ts';
import { moveStore } from './moveStore.ts';
import { openManifest } from './openManifest.ts';
import { recordVersion } from './recordVersion.ts';
import { refresh } from './refresh.ts';
import { rollBack } from './rollBack.ts';
import { saveVersionAs } from './saveVersionAs.ts';
import { setStage } from './setStage.ts';
import { showModel } from './showModel.ts';
import { tagVersion } from './tagVersion.ts';
import { uncheckAll } from './uncheckAll.ts';
import { undoChange, undoLastChange } from './undo.ts';
import { verify } from './verify.ts';

const showLog: Command = async ({ log }) => log.show();

/** By the names that package.json gives them, after `modeltrail.`. */
const commands: Readonly<Record<string, Command>> = {
  addMetrics,
  checkWorkingCopy,
  clearFilter,
  compareVersions,
  copyVersionId,
  diffVersions,
  diffWithNewestVersion,
  diffWithWorkingCopy,
  editNote,
  filterVersions,
  followRename,
  forgetVersion,
  freeSpace,
  goToVersion,
  loadMore,
  moveStore,
  openDiffAsText,
  openManifest,
  recordVersion,
  refresh,
  rollBack,
  saveVersionAs,
  setStage,
  showLog,
  showModel,
  tagVersion,
  uncheckAll,
  undoChange,
  undoLastChange,
  verify,
};

/** Registers all commands; whatever goes wrong in one reaches the user in the same way. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, command]) =>
      vscode.commands.registerCommand(`modeltrail.${name}`, async (target?: unknown, selected?: unknown) => {
        try {
          await command(context, target, selected);
        } catch (error) {
          reportError(context.log, error);
        }
      }),
    ),
  );
}
