import * as vscode from 'vscode';
import { isNode } from '../nodes.ts';
import type { ModelRef } from '../openTrail.ts';
import { keepingFocus } from '../showModelOf.ts';
import type { Command } from './context.ts';
import { newestHere, withContent } from './modelFilters.ts';
import { givenVersion, pickModel } from './pick.ts';

/** Shows what is inside a model: the file as it is, or a version of it. */
export const showModel: Command = async ({ trails, inspect }, target, how) => {
  const preserveFocus = how === keepingFocus;
  const version = givenVersion(target);
  if (version) return inspect.show(version.trail.uri(version.path), version.version.id, preserveFocus);
  // A file need not be among the models, or in an opened folder.
  if (target instanceof vscode.Uri) return inspect.show(target);
  const model = await pickModel(trails, target, vscode.l10n.t('Show Model'), withContent());
  if (!model) return undefined;
  const named = isNode(target) ? undefined : namedVersion(target);
  const file = model.trail.uri(model.path);
  if (named === undefined)
    return inspect.show(
      file,
      (await isMissing(model)) ? (await newestHere(model))?.id : undefined,
      preserveFocus,
    );
  const resolved = await model.trail.api.resolve(`${model.path}@${named}`);
  return inspect.show(file, resolved.version?.id);
};

async function isMissing({ trail, path }: ModelRef): Promise<boolean> {
  const row = (await trail.models()).find((row) => row.path === path);
  return row?.working.state === 'missing';
}

/** Links and keybindings may name a version as the command line does. */
function namedVersion(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null || !('version' in target)) return undefined;
  return typeof target.version === 'string' ? target.version : undefined;
}
