import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ContentId, Fact, ForgottenFact, ModelPath, RolledBackFact } from '../../core/facts.ts';
import type { ModelFacts } from '../../core/fold.ts';
import type { Operation } from '../../core/operation.ts';
import { shortId } from '../../core/shortId.ts';
import { versionName } from '../../core/versions.ts';
import type { UndoPlan, UndoResult } from '../api/changes.ts';
import type { TrailContext } from '../context.ts';
import { append, isSameAuthor } from './journaling.ts';
import { putBack } from './puttingBack.ts';
import { addsOnly, describeAdded, keepHead, without } from './undoingRecords.ts';

type UndoableFact = Exclude<Fact, { kind: 'forgotten' | 'undone' }>;

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
  return { fact, model: context.catalogue.modelOf(fact), description: describe(context, fact) };
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
  const notes: string[] = [];
  if (fact.kind === 'rolledBack') {
    const { note } = await putBack(context, { ...fact, model }, operation, async () => {
      for (const other of rolledBackWith(context, fact)) {
        const { note: noteOnOther } = await undo(context, other.id, operation);
        if (noteOnOther !== undefined) notes.push(noteOnOther);
      }
    });
    if (note !== undefined) notes.push(note);
  }
  if (fact.kind === 'recorded') await keepHead(context, fact, model);
  await append(context, { kind: 'undone', by: context.author, model, undoes: fact.id });
  return notes.length === 0 ? {} : { note: notes.join(' ') };
}

/** The rollbacks that were part of one, unless what they did was undone or replaced since. */
function rolledBackWith(context: TrailContext, { id, together = [] }: RolledBackFact): RolledBackFact[] {
  return context.catalogue.state.facts.filter(
    (fact): fact is RolledBackFact =>
      fact.kind === 'rolledBack' && fact.id < id && together.includes(fact.id) && isUndoable(context, fact),
  );
}

/** Putting bytes back always has one. */
function hasEffect(context: TrailContext, fact: UndoableFact): boolean {
  if (fact.kind === 'rolledBack') return true;
  const { catalogue } = context;
  const [before, now] = [without(context, fact), catalogue.factsOf(catalogue.modelOf(fact))];
  if (fact.kind !== 'recorded') return !isDeepStrictEqual(before, now);
  const said = (facts: ModelFacts | undefined): unknown => {
    const { message, metrics, params } = facts?.versions.get(fact.version) ?? {};
    return { message, metrics, params };
  };
  return !isDeepStrictEqual(said(before), said(now));
}

/** One sentence on what will be the case afterwards, found by folding the journal without the fact. */
function describe(context: TrailContext, fact: UndoableFact): string {
  const model = context.catalogue.modelOf(fact);
  const after = without(context, fact);
  const name = (id: ContentId): string => nameOf(context, model, id);
  const version = after?.versions.get(fact.version);
  switch (fact.kind) {
    case 'tagged': {
      const back = after?.tags.get(fact.tag);
      return back
        ? l10n.t(
            'The tag "{0}" of {1} goes back from {2} to {3}.',
            fact.tag,
            model,
            name(fact.version),
            name(back),
          )
        : l10n.t('The tag "{0}" is taken off {1} of {2}.', fact.tag, name(fact.version), model);
    }
    case 'staged':
      return describeStage(fact.stage, after, fact.version, model, name);
    case 'noted':
      return version?.note
        ? l10n.t('The note on {0} of {1} becomes "{2}" again.', name(fact.version), model, version.note)
        : l10n.t('The note on {0} of {1} is removed.', name(fact.version), model);
    case 'measured':
      return l10n.t(
        'The metrics and parameters last added to {0} of {1} are removed.',
        name(fact.version),
        model,
      );
    case 'recorded':
      return describeAdded(
        version,
        context.catalogue.factsOf(model)?.versions.get(fact.version),
        model,
        name,
      );
    case 'rolledBack':
      return [describeRollback({ ...fact, model }, name), ...describeOthers(context, fact)].join(' ');
  }
}

const mostDescribed = 5;

function describeOthers(context: TrailContext, fact: RolledBackFact): readonly string[] {
  const others = rolledBackWith(context, fact);
  if (others.length <= mostDescribed) return others.map((other) => describe(context, other));
  return [l10n.t('So are those of {0} files with its weights.', others.length)];
}

function describeStage(
  stage: string,
  after: ModelFacts | undefined,
  id: ContentId,
  model: ModelPath,
  name: (id: ContentId) => string,
): string {
  const before = after?.versions.get(id)?.stage;
  const holder = [...(after?.versions.values() ?? [])].find(
    (version) => version.stage === stage && version.id !== id,
  );
  if (stage === 'production' && holder) {
    return l10n.t('{0} of {1} leaves {2}, and {3} is in {2} again.', name(id), model, stage, name(holder.id));
  }
  return before
    ? l10n.t('{0} of {1} goes back from {2} to {3}.', name(id), model, stage, before)
    : l10n.t('{0} of {1} leaves {2} and is in no stage.', name(id), model, stage);
}

function describeRollback(fact: RolledBackFact, name: (id: ContentId) => string): string {
  return fact.from === null
    ? l10n.t(
        'The rollback of {0} to {1} is undone: the file is removed again, as it was not there before.',
        fact.model,
        name(fact.version),
      )
    : l10n.t(
        'The rollback of {0} to {1} is undone: it becomes {2} again. What is there now is kept.',
        fact.model,
        name(fact.version),
        name(fact.from),
      );
}

function nameOf(context: TrailContext, model: ModelPath, id: ContentId): string {
  const version = context.catalogue.versionsOf(model).find((candidate) => candidate.id === id);
  return version ? versionName(version) : shortId(id);
}
