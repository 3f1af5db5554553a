import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { Fact, ForgottenFact, RenamedFact, RolledBackFact } from '../../core/facts.ts';
import type { ModelFacts } from '../../core/fold.ts';
import type { Operation } from '../../core/operation.ts';
import { versionName } from '../../core/versions.ts';
import type { UndoPlan, UndoResult } from '../api/changes.ts';
import type { TrailContext } from '../context.ts';
import { append, isSameAuthor, supposing } from './journaling.ts';
import { putBack, replacedBy } from './puttingBack.ts';
import { addsOnly, keepHead, without } from './undoingRecords.ts';
import { askUndo, describeUndo, type UndoableFact } from './undoSentences.ts';

/**
 * Whether undoing a fact makes sense now. Recording a content is not undone: that would lose bytes; but what was said of it when it was
 * recorded again is. Nor is forgetting: the bytes are gone.
 */
export function isUndoable(context: TrailContext, fact: Fact): fact is UndoableFact {
  if (fact.kind === 'forgotten' || fact.kind === 'undone') return false;
  if (context.catalogue.state.undone.has(fact.id)) return false;
  if (fact.kind === 'recorded') return addsOnly(context, fact);
  if (fact.kind !== 'rolledBack') return true;
  // Bytes can be put back step by step only, the newest step first.
  const { catalogue } = context;
  return catalogue.lastRollback(catalogue.modelOf(fact))?.id === fact.id;
}

/** What undoing a fact would do; without a fact, the newest change of this author that can be undone and still has an effect. */
export function planUndo(context: TrailContext, factId?: string): UndoPlan | undefined {
  const { facts } = context.catalogue.state;
  if (factId === undefined) {
    const newest = facts.findLast(
      (fact): fact is UndoableFact =>
        isSameAuthor(fact.by, context.author) && isUndoable(context, fact) && hasEffect(context, fact),
    );
    return newest && { ...planFor(context, newest), passedOver: givenUpSince(context, newest) };
  }
  const fact = facts.find(({ id }) => id === factId);
  if (!fact) throw new TrailError('notFound', l10n.t('There is no change {0} in the journal.', factId));
  if (!isUndoable(context, fact))
    throw new TrailError('refused', l10n.t('This change cannot be undone, or already was.'));
  if (!hasEffect(context, fact))
    throw new TrailError('refused', l10n.t('There is nothing to undo: a later change took its place.'));
  return planFor(context, fact);
}

function planFor(context: TrailContext, fact: UndoableFact): UndoPlan {
  const others = fact.kind === 'rolledBack' ? rolledBackWith(context, fact) : [];
  return {
    fact,
    model: context.catalogue.modelOf(fact),
    question: askUndo(context, fact),
    description: describeUndo(context, fact, others),
  };
}

/** Bytes that were given up do not come back: who wants that must not have something else taken back. */
function givenUpSince(context: TrailContext, { id }: UndoableFact): string | undefined {
  const { catalogue, author } = context;
  const { facts } = catalogue.state;
  const [last, ...others] = facts
    .slice(facts.findIndex((fact) => fact.id === id) + 1)
    .filter((fact): fact is ForgottenFact => fact.kind === 'forgotten' && isSameAuthor(fact.by, author))
    .flatMap((fact) => catalogue.find({ model: catalogue.modelOf(fact), version: fact.version }) ?? [])
    .filter((version) => version.forgotten);
  if (!last) return undefined;
  return others.length === 0
    ? l10n.t(
        'Your last change gave up the bytes of {0} {1}, which cannot be undone.',
        last.model,
        versionName(last),
      )
    : l10n.t(
        'Your last changes gave up the bytes of {0} versions, which cannot be undone.',
        others.length + 1,
      );
}

export async function undo(context: TrailContext, factId: string, operation: Operation): Promise<UndoResult> {
  const plan = planUndo(context, factId);
  if (!plan) return {};
  const { fact, model } = plan;
  const notes = fact.kind === 'rolledBack' ? await undoRollback(context, fact, operation) : [];
  if (fact.kind === 'recorded') await keepHead(context, fact, model);
  if (fact.kind === 'renamed')
    for (const other of renamedWith(context, fact)) await noteUndone(context, other);
  await noteUndone(context, fact);
  return notes.length === 0 ? {} : { note: notes.join(' ') };
}

/** Also of what was part of it, once it is known that all of that can be put back. @returns what is not as it was before it */
async function undoRollback(
  context: TrailContext,
  fact: RolledBackFact,
  operation: Operation,
): Promise<readonly string[]> {
  const { catalogue } = context;
  const named = (one: RolledBackFact): RolledBackFact => ({ ...one, model: catalogue.modelOf(one) });
  const others = rolledBackWith(context, fact).map(named);
  for (const one of [named(fact), ...others]) await replacedBy(context, one, operation);
  const notes: string[] = [];
  const say = ({ note }: UndoResult): void => {
    if (note !== undefined) notes.push(note);
  };
  const undone = await putBack(context, named(fact), operation, async () => {
    for (const other of others) {
      say(await putBack(context, other, operation));
      await noteUndone(context, other);
    }
  });
  say(undone);
  return notes;
}

async function noteUndone(context: TrailContext, fact: Fact): Promise<void> {
  const model = context.catalogue.modelOf(fact);
  await append(context, { kind: 'undone', by: context.author, model, undoes: fact.id });
}

/** The rollbacks that were part of one, unless what they did was undone or replaced since. */
function rolledBackWith(context: TrailContext, { id, together = [] }: RolledBackFact): RolledBackFact[] {
  if (together.length === 0) return [];
  const ids = new Set(together);
  return context.catalogue.state.facts.filter(
    (fact): fact is RolledBackFact =>
      fact.kind === 'rolledBack' && fact.id < id && ids.has(fact.id) && isUndoable(context, fact),
  );
}

/** What was said of the files with its weights, and still counts. */
function renamedWith({ catalogue }: TrailContext, { together = [] }: RenamedFact): readonly Fact[] {
  const { facts, undone } = catalogue.state;
  const ids = new Set(together.filter((id) => !undone.has(id)));
  return facts.filter(({ id, kind }) => kind === 'renamed' && ids.has(id));
}

/** Putting bytes back always has one. */
function hasEffect(context: TrailContext, fact: UndoableFact): boolean {
  if (fact.kind === 'rolledBack') return true;
  const { catalogue } = context;
  if (fact.kind === 'renamed') {
    const { model, id: undoes, by } = fact;
    const without = supposing(context, [{ kind: 'undone', by, model, undoes }]);
    return !isDeepStrictEqual(without.factsOf(model), catalogue.factsOf(model));
  }
  const [before, now] = [without(context, fact), catalogue.factsOf(catalogue.modelOf(fact))];
  if (fact.kind !== 'recorded') return !isDeepStrictEqual(before, now);
  const said = (facts: ModelFacts | undefined): unknown => {
    const { message, metrics, params } = facts?.versions.get(fact.version) ?? {};
    return { message, metrics, params };
  };
  return !isDeepStrictEqual(said(before), said(now));
}
