import * as vscode from 'vscode';
import type { SideKey } from '../../core/versionKey.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { isNode } from '../nodes.ts';
import type { ModelRef } from '../openTrail.ts';
import type { Trails } from '../trails.ts';
import { versionsOfKeys } from '../versionsOfKeys.ts';
import { noVersions } from './choices.ts';
import type { Command } from './context.ts';
import { type ModelFilter, withVersions } from './modelFilters.ts';
import { givenVersion, pickModel, pickVersion } from './pick.ts';

interface Side extends ModelRef {
  /** Absent for the file as it is. */
  readonly version?: Version;
  /** Of a file: when it changed last, ISO 8601. */
  readonly time?: string;
}

/** Two selected rows, be they of different models and folders; or one version and another to choose. */
export const diffVersions: Command = async ({ trails, models, diffs }, target, selected) => {
  const rows = Array.isArray(selected) ? selected : target === undefined ? models.selection : [target];
  const [first, second, ...more] = rows.flatMap((row) => sideOf(row) ?? []);
  const sides = first && second && more.length === 0 ? [first, second] : await pickTwo(trails, target);
  const [older, newer] = await inOrder(trails, sides);
  if (older && newer) diffs.show({ a: keyOf(older), b: keyOf(newer) });
};

/** None when dismissed. */
async function pickTwo(trails: Trails, target: unknown): Promise<Side[]> {
  const title = vscode.l10n.t('Diff Two Versions');
  const models: ModelFilter = {
    isOffered: ({ versions }) => versions > 1,
    none: vscode.l10n.t('None of the models here has two versions.'),
  };
  const one = await pickVersion(trails, target, title, { models });
  if (!one) return [];
  const other = await pickVersion(trails, named(one), title, {
    // Another sentence: nobody could tell this question from the one before.
    question: vscode.l10n.t('Choose the version to compare {0} with', versionName(one.version)),
    except: ({ id }) => id === one.version.id,
    none: (path) => vscode.l10n.t('{0} has no version but {1}.', path, versionName(one.version)),
  });
  return other ? [one, other] : [];
}

/** What a row stands for: that of a model for its file. */
function sideOf(row: unknown): Side | undefined {
  const version = givenVersion(row);
  if (version) return version;
  if (!isNode(row) || (row.kind !== 'model' && row.kind !== 'working')) return undefined;
  const { trail, path, row: known } = row.kind === 'model' ? row : row.parent;
  return { trail, path, time: known.working.time };
}

/** Versions as Compare has them, and files as they are behind these. */
async function inOrder(trails: Trails, sides: readonly Side[]): Promise<Side[]> {
  const keys = sides.flatMap(({ trail: { root }, path: model, version }) =>
    version ? [{ root, model, version: version.id }] : [],
  );
  const versions = await versionsOfKeys(trails, keys);
  const placeOf = ({ trail, path, version }: Side): number =>
    version
      ? versions.findIndex(
          ({ root, model, id }) => root === trail.root && model === path && id === version.id,
        )
      : versions.length;
  return sides.toSorted((x, y) => placeOf(x) - placeOf(y) || compareTimes(x.time ?? '', y.time ?? ''));
}

function compareTimes(x: string, y: string): number {
  return Number(x > y) - Number(x < y);
}

export const diffWithWorkingCopy: Command = async ({ trails, diffs }, target) => {
  const title = vscode.l10n.t('Diff with Working Copy');
  const row = await existingFile(trails, target, title);
  if (!row) return;
  const chosen = await pickVersion(trails, target ?? named(row), title);
  if (chosen) diffs.show({ a: keyOf(chosen), b: keyOf(row) });
};

/** The file as it is, without asking for a version. */
export const diffWithNewestVersion: Command = async ({ trails, diffs }, target) => {
  const row = await existingFile(trails, target, vscode.l10n.t('Diff with Newest Version'));
  if (!row) return;
  const { trail, path, latest } = row;
  if (latest) diffs.show({ a: keyOf({ trail, path, version: latest }), b: keyOf({ trail, path }) });
  else void vscode.window.showInformationMessage(noVersions(path));
};

interface FileRow extends ModelRef {
  readonly latest?: Version;
}

/** The model that a command is about, if its file is there; else a version can be put in its place. */
async function existingFile(trails: Trails, target: unknown, title: string): Promise<FileRow | undefined> {
  const model = await pickModel(trails, target, title, withVersions());
  if (!model) return undefined;
  const row = (await model.trail.models()).find(({ path }) => path === model.path);
  if (row?.working.state !== 'missing') return { ...model, latest: row?.latest };
  await offerRollBack(model, target ?? named(model));
  return undefined;
}

function named({ trail, path }: ModelRef): object {
  return { model: path, root: trail.root };
}

async function offerRollBack({ path }: ModelRef, target: unknown): Promise<void> {
  const sentence = vscode.l10n.t('{0} is not there, so there is nothing to compare with.', path);
  const rollBack = vscode.l10n.t('Roll Back...');
  const buttons = vscode.workspace.isTrusted ? [rollBack] : [];
  if ((await vscode.window.showWarningMessage(sentence, ...buttons)) === rollBack)
    await vscode.commands.executeCommand('modeltrail.rollBack', target);
}

/** The manifests of what the active panel compares, side by side. */
export const openDiffAsText: Command = ({ diffs }) => diffs.openActiveAsText();

function keyOf({ trail, path, version }: Side): SideKey {
  return { root: trail.root, model: path, version: version?.id };
}
