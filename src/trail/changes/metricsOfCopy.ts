import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { saysMore, withoutNames } from '../../core/contradictions.ts';
import { messageOf } from '../../core/errors.ts';
import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { readMetricsBeside } from '../../metrics/beside.ts';
import type { MetricsBeside } from '../../metrics/source.ts';
import type { RecordRequest } from '../api/changes.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath } from '../paths.ts';
import { contradicted } from './contradicted.ts';
import { newerInSeries, type Times } from './newerInSeries.ts';
import { saidToBeOlder } from './olderMetrics.ts';
import { otherModelIn } from './otherModelIn.ts';
import { type KeptModel, saidInside } from './saidInside.ts';

/** The metrics file beside a working copy, or only why it cannot be used: one that is broken must not stop a checkpoint from being kept. */
export interface MetricsFound {
  readonly said?: MetricsBeside;
  readonly times: Times;
  /** Also why it is not that of the working copy. */
  readonly problem?: string;
}

/** @param trained when the working copy was written, with all files that belong to it, in nanoseconds since 1970 */
export async function findMetrics(
  context: TrailContext,
  { model, kept }: KeptModel,
  trained: bigint,
  operation: Operation,
): Promise<MetricsFound | undefined> {
  const { root } = context;
  const isDirectory = kept.files !== undefined;
  const inside = (): ReturnType<typeof saidInside> => saidInside(context, { model, kept }, operation);
  try {
    const place = { path: absolutePath(root, model), model, isDirectory, root, trained, inside };
    const said = await readMetricsBeside(place);
    if (!said) return undefined;
    const times = { written: said.written, trained: said.weightsWritten ?? trained };
    if (isEmpty(said)) return { said, times };
    const { file, onlyModelOf } = said;
    const other = onlyModelOf && (await otherModelIn(context, onlyModelOf, model, operation));
    if (other !== undefined) return { said, times, problem: mayBeOf(file, model, other) };
    const newer = said.isShared ? await newerInSeries(context, model, times) : undefined;
    return { said, times, problem: newer === undefined ? undefined : isOfNewer(file, model, newer) };
  } catch (error) {
    const problem = l10n.t('{0} The version was recorded without its metrics.', messageOf(error));
    return { times: { written: 0n, trained }, problem };
  }
}

/** What a metrics file adds to what was said by hand of a version, or why it is not used: it may be of another version. */
export function metricsFor(
  context: TrailContext,
  request: RecordRequest,
  id: ContentId,
  { said, times, problem }: MetricsFound,
): (Partial<MetricsBeside> & { readonly problem?: string }) | undefined {
  if (!said) return { problem };
  if (isEmpty(said)) return said.problem === undefined ? said : { problem: said.problem };
  const { model } = request;
  const facts = context.catalogue.factsOf(model);
  const isHead = facts?.head === id;
  // When a rollback put the model in place, the file may still be that of a later version.
  if (isHead && facts.headWasPutBack && times.written <= times.trained) return undefined;
  if (problem !== undefined) return { problem };
  const other = isHead ? undefined : versionThatItIsOf(context, model, id, said, times);
  if (other) return { problem: isOfOther(said.file, other) };
  const known = context.catalogue.find({ model, version: id });
  const byHand = facts?.versions.get(id)?.byHand ?? new Set();
  const contradiction = known && contradicted(known, byHand, request, said);
  if (contradiction !== undefined) return { problem: contradiction };
  const older = isFirst(context, model, id) ? olderThan(said.file, model, times) : undefined;
  if (older !== undefined && said.isByTime) return { problem: mayBeOfEarlier(said.file, model) };
  const doubt = said.problem ?? older;
  return { ...said, ...withoutNames(said, byHand), problem: doubt };
}

/** Whether a content is the first version of a model: with no other to compare it with, only the times of files tell what is odd. */
function isFirst({ catalogue }: TrailContext, model: ModelPath, id: ContentId): boolean {
  const isRecorded = catalogue.factsOf(model)?.versions.get(id)?.recorded !== undefined;
  return !isRecorded && catalogue.versionsOf(model).every((version) => version.id === id);
}

function olderThan(file: string, model: ModelPath, { written, trained }: Times): string | undefined {
  return saidToBeOlder(file, model, milliseconds(trained) - milliseconds(written));
}

function isEmpty({ metrics, params }: MetricsBeside): boolean {
  return Object.keys({ ...metrics, ...params }).length === 0;
}

/**
 * The version that was there before this one, if the metrics file was not written since. The times of files tell it alone where the one
 * was written before that version was known and the other after it. In a fresh clone, or after a file was moved here, they do
 * not: there it takes that the file says nothing else than what is known of that version.
 */
function versionThatItIsOf(
  { catalogue }: TrailContext,
  model: ModelPath,
  id: ContentId,
  said: MetricsBeside,
  times: Times,
): Version | undefined {
  const written = milliseconds(times.written);
  const trained = milliseconds(times.trained);
  const facts = catalogue.factsOf(model);
  const others = catalogue.versionsOf(model).filter((version) => version.id !== id);
  const newest = others[0];
  const head = others.find((version) => version.id === facts?.head);
  const since = Math.max(...[facts?.headSince, newest?.time].map((time) => Date.parse(time ?? '') || 0));
  const same = [head, newest].find((version) => version && !saysMore(version, said));
  if (same) return written < Math.max(since, trained) ? same : undefined;
  return written < since && since < trained ? (head ?? newest) : undefined;
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n);
}

function isOfOther(file: string, version: Version): string {
  return l10n.t(
    'The metrics file {0} was not used: it was written for {1}, before this version. Write that of this version and record it again, or add its metrics by hand.',
    file,
    versionName(version),
  );
}

function isOfNewer(file: string, model: ModelPath, newer: ModelPath): string {
  const { base, name } = path.posix.parse(model);
  return l10n.t(
    'The metrics file {0} was not used for {1}: {2} was written after {1} and before that file, so it is not that of {1}. Add the metrics of {1} by hand, or write them to {3} and record it again.',
    file,
    base,
    path.posix.basename(newer),
    `${name}.metrics.json`,
  );
}

function mayBeOf(file: string, model: ModelPath, other: ModelPath): string {
  return l10n.t(
    'The metrics file {0} was not used for {1}: it may be of {2} as well. Add the metrics of {1} by hand, or write them to {3} and record it again.',
    file,
    model,
    other,
    `${path.posix.parse(model).name}.metrics.json`,
  );
}

function mayBeOfEarlier(file: string, model: ModelPath): string {
  return l10n.t(
    'The metrics file {0} was not used for {1}: it is much older than {1}, and may be of an earlier training. If it is not, add the metrics of {1} by hand.',
    file,
    model,
  );
}
