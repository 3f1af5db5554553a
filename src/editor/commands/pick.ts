import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import { keyText } from '../../core/versionKey.ts';
import type { Version } from '../../core/versions.ts';
import { activeFile } from '../activeModel.ts';
import { choose } from '../choose.ts';
import { isNode, type SeriesNode } from '../nodes.ts';
import type { ModelRef, OpenTrail, VersionRef } from '../openTrail.ts';
import type { Trails } from '../trails.ts';
import { baseName } from '../text.ts';
import { modelChoices, versionChoices, type VersionFilter } from './choices.ts';
import { type ModelFilter, withVersions } from './modelFilters.ts';

/** How keybindings, links and other code name a model or a version: by path, and `v4`, a tag, `@production` or a hash. */
interface Named {
  readonly model: string;
  readonly version?: string;
  /** Where several trails have a model of this path. */
  readonly root?: string;
}

/** Finds the model that a command is about, or asks for it. @returns undefined when dismissed, or where there is none */
export async function pickModel(
  trails: Trails,
  target: unknown,
  title: string,
  filter?: ModelFilter,
): Promise<ModelRef | undefined> {
  const given = await givenModel(trails, target);
  if (given) return given;
  const active = activeFile()?.fsPath;
  const instead = filter?.instead;
  return choose<ModelRef>({
    title,
    placeholder: vscode.l10n.t('Choose a model'),
    load: async () => modelChoices(await trails.open(), filter),
    instead: instead && ((why) => instead(trails, why)),
    isActive: ({ trail, path }) => trail.uri(path).fsPath === active,
  });
}

/** The models that a command is about: all that are selected, those of a series, or one as above. @returns none when dismissed */
export async function pickModels(
  trails: Trails,
  target: unknown,
  selected: unknown,
  title: string,
  filter: ModelFilter,
): Promise<readonly ModelRef[]> {
  const found = new Map<string, ModelRef>();
  const several = severalOf(selected);
  for (const one of several.length > 0 ? several : [target]) {
    if (givenVersion(one)) continue;
    const isSeries = isNode(one) && one.kind === 'series';
    const models = isSeries ? await modelsOf(one, filter) : [await givenModel(trails, one)];
    for (const model of models)
      if (model) found.set(keyText({ root: model.trail.root, model: model.path }), model);
  }
  if (found.size > 0) return [...found.values()];
  const model = await pickModel(trails, target, title, filter);
  return model ? [model] : [];
}

/** Those of a series that show, oldest first: as the training wrote them. */
async function modelsOf({ shown }: SeriesNode, filter: ModelFilter): Promise<readonly ModelRef[]> {
  const isMeant = await Promise.all(
    shown.map(({ row, trail }) => filter.isOfSeries?.(row) ?? filter.isOffered(row, trail)),
  );
  const meant = shown.filter((_, index) => isMeant[index]);
  return meant.map(({ trail, path }) => ({ trail, path })).toReversed();
}

interface VersionQuestion extends VersionFilter {
  /** What is asked; else to choose a version of the model. */
  readonly question?: string;
  /** Else those with versions. */
  readonly models?: ModelFilter;
}

/** Finds the version that a command is about, or asks for it. @returns undefined when dismissed, or where there is none */
export async function pickVersion(
  trails: Trails,
  target: unknown,
  title: string,
  { question, models = withVersions(), ...rest }: VersionQuestion = {},
): Promise<VersionRef | undefined> {
  const given = givenVersion(target);
  if (given) return given;
  const model = await pickModel(trails, target, title, models);
  if (!model) return undefined;
  if (isNamed(target) && target.version !== undefined) {
    const { version } = await model.trail.api.resolve(`${model.path}@${target.version}`);
    if (version) return { ...model, version };
  }
  const version = await choose<Version>({
    title,
    placeholder: question ?? vscode.l10n.t('Choose a version of {0}', model.path),
    load: () => versionChoices(model, rest),
  });
  return version && { ...model, version };
}

/** The versions that a command is about: all that are selected, or one as above. @returns none when dismissed */
export async function pickVersions(
  trails: Trails,
  target: unknown,
  selected: unknown,
  title: string,
): Promise<readonly VersionRef[]> {
  const several = severalOf(selected).flatMap((one) => givenVersion(one) ?? []);
  if (several.length > 0) return several;
  const version = await pickVersion(trails, target, title);
  return version ? [version] : [];
}

/** What the editor passes beside what was clicked, when that is one of several that are selected. */
function severalOf(selected: unknown): readonly unknown[] {
  return Array.isArray(selected) && selected.length > 1 ? selected : [];
}

/** The trail that a command is about: the only one, or one to choose. @returns undefined when dismissed */
export async function pickTrail(trails: Trails, title: string): Promise<OpenTrail | undefined> {
  const opened = await trails.open();
  if (opened.length === 0)
    throw new TrailError('notFound', vscode.l10n.t('There are no models in this workspace.'));
  if (opened.length === 1) return opened[0];
  return choose<OpenTrail>({
    title,
    placeholder: vscode.l10n.t('Choose a folder'),
    load: async () => opened.map((trail) => ({ label: trail.root, value: trail })),
  });
}

/** The version that a row stands for. */
export function givenVersion(target: unknown): VersionRef | undefined {
  if (!isNode(target) || target.kind !== 'version') return undefined;
  const { trail, path } = target.parent;
  return { trail, path, version: target.version };
}

async function givenModel(trails: Trails, target: unknown): Promise<ModelRef | undefined> {
  if (isNode(target)) {
    if (target.kind === 'model') return { trail: target.trail, path: target.path };
    if (target.kind === 'working' || target.kind === 'version')
      return { trail: target.parent.trail, path: target.parent.path };
    return undefined;
  }
  if (target instanceof vscode.Uri) {
    const found = await trails.find(target);
    if (found) return found;
    const name = baseName(target.path);
    throw new TrailError(
      'notFound',
      vscode.l10n.t(
        '{0} is not among the models. Its bytes may not look like one, or the settings leave it out.',
        name,
      ),
    );
  }
  if (!isNamed(target)) return undefined;
  for (const trail of await trails.open()) {
    if (target.root !== undefined && target.root !== trail.root) continue;
    if ((await trail.models()).some((row) => row.path === target.model)) return { trail, path: target.model };
  }
  throw new TrailError('notFound', vscode.l10n.t('There is no model {0} here.', target.model));
}

function isNamed(target: unknown): target is Named {
  return (
    typeof target === 'object' && target !== null && 'model' in target && typeof target.model === 'string'
  );
}
