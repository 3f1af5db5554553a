import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { ContentId, Fact, ModelPath, Params, ParamValue, RecordedFact } from '../../core/facts.ts';
import { foldModel, type ModelFacts, type VersionFacts } from '../../core/fold.ts';
import type { TrailContext } from '../context.ts';
import { append } from './journaling.ts';

// What is said of a version by recording it again can be taken back: its bytes are those of an earlier record.

/** What would be known of the model of a fact if that did not count. */
export function without({ catalogue }: TrailContext, fact: Fact): ModelFacts | undefined {
  const about = catalogue.factsAbout(catalogue.modelOf(fact));
  return foldModel(about.filter(({ id }) => id !== fact.id));
}

/** Whether a fact is of a version that was recorded before. */
export function isRecordedAgain({ catalogue }: TrailContext, fact: RecordedFact): boolean {
  const about = catalogue.factsAbout(catalogue.modelOf(fact));
  const first = about.find(({ kind, version }) => kind === 'recorded' && version === fact.version);
  return first?.id !== fact.id;
}

/** Whether a fact only says more of a version, which would be recorded, with its bytes, also without it. */
export function addsOnly(context: TrailContext, fact: RecordedFact): boolean {
  const { message = '', metrics, params } = fact;
  const saysSomething = message !== '' || Object.keys({ ...metrics, ...params }).length > 0;
  if (!saysSomething || !isRecordedAgain(context, fact)) return false;
  const recorded = (facts: ModelFacts | undefined): unknown => {
    const version = facts?.versions.get(fact.version);
    return version && [version.recorded, version.forgotten, version.renumbered];
  };
  const { catalogue } = context;
  return isDeepStrictEqual(
    recorded(without(context, fact)),
    recorded(catalogue.factsOf(catalogue.modelOf(fact))),
  );
}

/** The file on disk still comes from what was recorded last: that is said again, without the rest. */
export async function keepHead(context: TrailContext, fact: RecordedFact, model: ModelPath): Promise<void> {
  if (without(context, fact)?.head === context.catalogue.factsOf(model)?.head) return;
  const { kind, version, size, files, number } = fact;
  await append(context, { kind, by: context.author, model, version, size, files, number });
}

/** What undoing does to what is known of a version. */
export function describeAdded(
  after: VersionFacts | undefined,
  now: VersionFacts | undefined,
  model: ModelPath,
  name: (id: ContentId) => string,
): string {
  if (!after || !now) return '';
  const version = name(now.id);
  const before: Params = { ...after.metrics, ...after.params };
  const changed = Object.entries<ParamValue>({ ...now.metrics, ...now.params })
    .filter(([one, value]) => !Object.is(before[one], value))
    .map(([one]) => one);
  const removed = changed.filter((one) => !Object.hasOwn(before, one));
  const back = changed.filter((one) => Object.hasOwn(before, one)).map((one) => `${one}=${before[one]}`);
  const sentences: string[] = [];
  if (removed.length > 0)
    sentences.push(
      l10n.t('These metrics and parameters of {0} of {1} are removed: {2}.', version, model, listed(removed)),
    );
  if (back.length > 0)
    sentences.push(
      l10n.t(
        'These metrics and parameters of {0} of {1} are again what they were: {2}.',
        version,
        model,
        listed(back),
      ),
    );
  if (after.message !== now.message)
    sentences.push(
      after.message === undefined
        ? l10n.t('The message of {0} of {1} is removed.', version, model)
        : l10n.t('The message of {0} of {1} becomes "{2}" again.', version, model, after.message),
    );
  return sentences.join(' ');
}

const mostListed = 5;

function listed(names: readonly string[]): string {
  return names.slice(0, mostListed).join(', ') + (names.length > mostListed ? '…' : '');
}
