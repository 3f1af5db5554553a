import type { Fact } from '../../core/facts.ts';
import { shortId } from '../../core/shortId.ts';
import { versionName } from '../../core/versions.ts';
import type { ActivityEntry, ActivityPage } from '../api/changes.ts';
import type { TrailContext } from '../context.ts';
import { isUndoable } from './undoing.ts';
import { isRecordedAgain } from './undoingRecords.ts';

/** The journal, the newest first. */
export function activity(
  context: TrailContext,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): ActivityPage {
  const { facts } = context.catalogue.state;
  const entries = facts
    .toReversed()
    .slice(offset, offset + limit)
    .map((fact) => entryOf(context, fact));
  return { total: facts.length, entries };
}

function entryOf(context: TrailContext, fact: Fact): ActivityEntry {
  const { catalogue } = context;
  const { facts, undone } = catalogue.state;
  const undid = fact.kind === 'undone' ? facts.find(({ id }) => id === fact.undoes) : undefined;
  const about = undid ?? fact;
  const { version: id = '' } = 'version' in about ? about : {};
  const model = catalogue.modelOf(about);
  const version = catalogue.versionsOf(model).find((candidate) => candidate.id === id);
  return {
    fact,
    model,
    undid,
    undone: undone.has(fact.id),
    undoable: isUndoable(context, fact),
    again: about.kind === 'recorded' && isRecordedAgain(context, about),
    versionName: version ? versionName(version) : shortId(id),
  };
}
