import * as vscode from 'vscode';
import { isNode } from '../nodes.ts';
import { keepingFocus } from '../showModelOf.ts';
import type { Command } from './context.ts';
import { givenVersion, pickModel } from './pick.ts';

/** Shows what is inside a model: the file as it is, or a version of it. */
export const showModel: Command = async ({ trails, inspect }, target, how) => {
  const preserveFocus = how === keepingFocus;
  const version = givenVersion(target);
  if (version) return inspect.show(version.trail.uri(version.path), version.version.id, preserveFocus);
  // A file need not be among the models, or in an opened folder.
  if (target instanceof vscode.Uri) return inspect.show(target);
  const model = await pickModel(trails, target, vscode.l10n.t('Show Model'));
  if (!model) return undefined;
  const named = isNode(target) ? undefined : namedVersion(target);
  if (named === undefined) return inspect.show(model.trail.uri(model.path), undefined, preserveFocus);
  const resolved = await model.trail.api.resolve(`${model.path}@${named}`);
  return inspect.show(model.trail.uri(model.path), resolved.version?.id);
};

/** Links and keybindings may name a version as the command line does. */
function namedVersion(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null || !('version' in target)) return undefined;
  return typeof target.version === 'string' ? target.version : undefined;
}
