import * as vscode from 'vscode';
import type { UndoPlan, UndoResult } from '../../trail/api/changes.ts';
import { reportError, runLong } from '../longOperation.ts';
import type { ModelRef, OpenTrail } from '../openTrail.ts';
import { baseName, listOrCount, modelCount } from '../text.ts';
import { workingVersion } from '../workingVersion.ts';
import { type Command, confirm, requireTrust } from './context.ts';

/** Undoes the newest change of the user in any of the trails. */
export const undoLastChange: Command = async ({ trails }) => {
  requireTrust();
  let newest: { readonly trail: OpenTrail; readonly plan: UndoPlan } | undefined;
  for (const trail of await trails.open()) {
    const plan = await trail.api.planUndo();
    if (plan && (!newest || plan.fact.time > newest.plan.fact.time)) newest = { trail, plan };
  }
  if (newest) await ask(newest.trail, newest.plan);
  else void vscode.window.showInformationMessage(vscode.l10n.t('There is nothing to undo.'));
};

/** Undoes the change of a row of the *Activity* view. */
export const undoChange: Command = async (_context, target) => {
  requireTrust();
  if (!isEntry(target)) return;
  const { trail, entry } = target;
  const plan = await trail.api.planUndo(entry.fact.id);
  if (plan) await ask(trail, plan);
};

export function undoFact(trail: OpenTrail, factId: string): Promise<UndoResult> {
  return runLong(vscode.l10n.t('Undoing the change'), (operation) => trail.api.undo(factId, operation));
}

/** A fact about a model, as it was called when that was written. */
export interface Change extends ModelRef {
  readonly factId: string;
}

/** Undoes what one command did, and says so. */
export async function undoChanges(changes: readonly Change[]): Promise<void> {
  for (const { trail, factId } of changes) await undoFact(trail, factId);
  tellUndone(changes.map(({ path }) => path));
}

function tellUndone(models: readonly string[]): void {
  const { l10n } = vscode;
  const names = listOrCount([...new Set(models)].map(baseName), modelCount);
  void vscode.window.showInformationMessage(
    models.length === 1
      ? l10n.t('The change of {0} was undone.', names)
      : l10n.t('The changes of {0} were undone.', names),
  );
}

/** Says what was done, with a button that undoes it. Nobody waits for that: the command is done, whether or not the user ever answers. */
export function offerUndo(log: vscode.LogOutputChannel, outcome: string, undo: () => Promise<void>): void {
  const action = vscode.l10n.t('Undo');
  void Promise.resolve(vscode.window.showInformationMessage(outcome, action))
    .then((answer) => (answer === action ? undo() : undefined))
    .catch((error: unknown) => reportError(log, error));
}

async function ask(trail: OpenTrail, plan: UndoPlan): Promise<void> {
  const { fact, model, description, passedOver } = plan;
  const question =
    passedOver === undefined ? plan.question : vscode.l10n.t('{0} Undo what you did before it?', passedOver);
  if (!(await confirm(question, vscode.l10n.t('Undo'), description))) return;
  const result = await undoFact(trail, fact.id);
  if (fact.kind === 'rolledBack') await tellBack({ trail, path: model }, result);
  else tellUndone([model]);
}

/** What a model is after a rollback of it was undone. */
export async function tellBack(model: ModelRef, { note }: UndoResult): Promise<void> {
  // What was known of it is of before.
  model.trail.forget();
  const [name, state] = [baseName(model.path), (await workingVersion(model)) ?? ''];
  const sentence = vscode.l10n.t('{0} is {1} again.', name, state);
  void vscode.window.showInformationMessage(note === undefined ? sentence : `${sentence} ${note}`);
}

function isEntry(target: unknown): target is { trail: OpenTrail; entry: { fact: { id: string } } } {
  return typeof target === 'object' && target !== null && 'kind' in target && target.kind === 'entry';
}
