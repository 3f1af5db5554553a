import * as l10n from '@vscode/l10n';
import type { ContentId, Fact, ModelPath, RolledBackFact } from '../../core/facts.ts';
import type { ModelFacts } from '../../core/fold.ts';
import { shortId } from '../../core/shortId.ts';
import { versionName } from '../../core/versions.ts';
import type { TrailContext } from '../context.ts';
import { describeAdded, without } from './undoingRecords.ts';

export type UndoableFact = Exclude<Fact, { kind: 'forgotten' | 'undone' }>;

export function askUndo(context: TrailContext, fact: UndoableFact): string {
  if (fact.kind === 'renamed') return l10n.t('Undo renaming {0} to {1}?', fact.model, fact.to);
  const version = naming(context, context.catalogue.modelOf(fact))(fact.version);
  switch (fact.kind) {
    case 'tagged':
      return l10n.t('Undo tagging {0} as {1}?', version, fact.tag);
    case 'staged':
      return l10n.t('Undo putting {0} in {1}?', version, fact.stage);
    case 'untagged':
      return l10n.t('Undo taking the tag {0} off {1}?', fact.tag, version);
    case 'unstaged':
      return l10n.t('Undo taking {0} out of {1}?', version, fact.stage);
    case 'noted':
      return l10n.t('Undo the last note on {0}?', version);
    case 'measured':
      return l10n.t('Undo adding metrics and parameters to {0}?', version);
    case 'recorded':
      return l10n.t('Undo what was said of {0} when it was recorded again?', version);
    case 'rolledBack':
      return l10n.t('Undo rolling back to {0}?', version);
  }
}

/**
 * What will be the case when a fact is undone, in sentences; found by folding the journal without it.
 * @param others what will be undone with it
 */
export function describeUndo(
  context: TrailContext,
  fact: UndoableFact,
  others: readonly RolledBackFact[] = [],
): string {
  const model = context.catalogue.modelOf(fact);
  if (fact.kind === 'renamed')
    return l10n.t(
      '{0} is a model of its own again, with the history that it had. What was said of {1} since stays there.',
      fact.model,
      model,
    );
  const after = without(context, fact);
  const name = naming(context, model);
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
    case 'untagged':
      return l10n.t('The tag "{0}" is on {1} of {2} again.', fact.tag, name(fact.version), model);
    case 'unstaged':
      return l10n.t('{0} of {1} goes back to {2}.', name(fact.version), model, version?.stage ?? fact.stage);
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
      return [describeRollback({ ...fact, model }, name), ...describeOthers(context, others)].join(' ');
  }
}

const mostDescribed = 5;

function describeOthers(context: TrailContext, others: readonly RolledBackFact[]): readonly string[] {
  if (others.length <= mostDescribed) {
    return others.map((other) => {
      const model = context.catalogue.modelOf(other);
      return describeRollback({ ...other, model }, naming(context, model));
    });
  }
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
  const undone = describePutBack(fact, name);
  const { model, fromLink } = fact;
  if (fromLink === undefined) return undone;
  const link = l10n.t('{0} is a link to {1} again, if that still leads to the same bytes.', model, fromLink);
  return `${undone} ${link}`;
}

function describePutBack(fact: RolledBackFact, name: (id: ContentId) => string): string {
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

function naming({ catalogue }: TrailContext, model: ModelPath): (id: ContentId) => string {
  return (id) => {
    const version = catalogue.versionsOf(model).find((candidate) => candidate.id === id);
    return version ? versionName(version) : shortId(id);
  };
}
