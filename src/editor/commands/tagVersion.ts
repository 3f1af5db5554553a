import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import { type TagProblem, tagProblem } from '../../core/references.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { choose } from '../choose.ts';
import type { ModelRef, VersionRef } from '../openTrail.ts';
import { baseName } from '../text.ts';
import { type Command, confirm, requireTrust } from './context.ts';
import { pickVersion } from './pick.ts';
import { offerUndo, undoChanges } from './undo.ts';

export const tagVersion: Command = async ({ trails, log }, target) => {
  requireTrust();
  const chosen = await pickVersion(trails, target, vscode.l10n.t('Tag Version'));
  if (!chosen) return;
  const change = chosen.version.tags.length === 0 ? {} : await chooseChange(chosen);
  if (!change) return;
  if (change.removed === undefined) await addTag(chosen, log);
  else await removeTag(chosen, change.removed, log);
};

async function removeTag(
  { trail, path, version }: VersionRef,
  name: string,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const factId = await trail.api.untag({ model: path, version: version.id }, name);
  if (factId === undefined) return;
  const outcome = vscode.l10n.t(
    '{0} of {1} has the tag "{2}" no more.',
    versionName(version),
    baseName(path),
    name,
  );
  offerUndo(log, outcome, () => undoChanges([{ trail, path, factId }]));
}

interface TagChange {
  /** The tag to take off; without it, one is added. */
  readonly removed?: string;
}

/** Of a version that has tags. @returns undefined when dismissed */
function chooseChange(chosen: VersionRef): Promise<TagChange | undefined> {
  const { l10n } = vscode;
  return choose<TagChange>({
    title: titleOf(chosen),
    placeholder: l10n.t('Add a tag, or take one off'),
    load: async () => [
      { label: l10n.t('New tag...'), iconPath: new vscode.ThemeIcon('add'), value: {} },
      ...chosen.version.tags.map((tag) => ({
        label: l10n.t('Remove "{0}"', tag),
        iconPath: new vscode.ThemeIcon('close'),
        value: { removed: tag },
      })),
    ],
  });
}

function titleOf({ path, version }: VersionRef): string {
  return vscode.l10n.t('Tag {0} of {1}', versionName(version), path);
}

async function addTag(chosen: VersionRef, log: vscode.LogOutputChannel): Promise<void> {
  const { trail, path, version } = chosen;
  const entered = await vscode.window.showInputBox({
    title: titleOf(chosen),
    prompt: vscode.l10n.t('A name for this version'),
    placeHolder: 'champion',
    ignoreFocusOut: true,
    validateInput: (name) => explain(tagProblem(name.trim())),
  });
  const name = entered?.trim();
  if (!name) return;
  const holder = await taggedVersion(chosen, name);
  const isMoved = holder !== undefined && holder.id !== version.id;
  if (isMoved) {
    const sentence = vscode.l10n.t(
      'Move the tag "{0}" of {1} from {2} to {3}?',
      name,
      baseName(path),
      versionName(holder),
      versionName(version),
    );
    if (!(await confirm(sentence, vscode.l10n.t('Move Tag')))) return;
  }
  const factId = await trail.api.tag({ model: path, version: version.id }, name, isMoved);
  if (!isMoved || factId === undefined) return;
  const [from, to] = [versionName(holder), versionName(version)];
  const outcome = vscode.l10n.t(
    'The tag "{0}" of {1} is on {2} now; it was on {3}.',
    name,
    baseName(path),
    to,
    from,
  );
  offerUndo(log, outcome, () => undoChanges([{ trail, path, factId }]));
}

async function taggedVersion({ trail, path }: ModelRef, name: string): Promise<Version | undefined> {
  try {
    const { version } = await trail.api.resolve(`${path}@${name}`);
    // The name may also be that of a stage, a hash or a Git revision.
    return version?.tags.includes(name) ? version : undefined;
  } catch (error) {
    if (TrailError.is(error, 'notFound', 'ambiguous')) return undefined;
    throw error;
  }
}

function explain(problem: TagProblem | undefined): string | undefined {
  const { l10n } = vscode;
  switch (problem) {
    case undefined:
      return undefined;
    case 'empty':
      return l10n.t('Enter a name.');
    case 'tooLong':
      return l10n.t('A tag has 100 characters at most.');
    case 'characters':
      return l10n.t(
        'A tag has letters, digits and . _ - + = / only, and begins and ends with a letter or digit.',
      );
    case 'looksLikeNumber':
      return l10n.t('This would be taken for a version number.');
  }
}
