import * as l10n from '@vscode/l10n';
import { saysMore } from '../../core/contradictions.ts';
import { TrailError } from '../../core/errors.ts';
import type { ContentId, ModelPath, Provenance, RecordedFact } from '../../core/facts.ts';
import type { VersionFacts } from '../../core/fold.ts';
import type { Operation } from '../../core/operation.ts';
import type { WorkingTreeState } from '../../history/workingTree.ts';
import { isModelPath } from '../../journal/modelPath.ts';
import type { RecordRequest, RecordResult } from '../api/changes.ts';
import type { TrailContext } from '../context.ts';
import { append } from './journaling.ts';
import { keep, type KeptCopy } from './keeping.ts';
import { ensureKept } from '../contents/listings.ts';
import { metricsFor, type MetricsFound } from './metricsOfCopy.ts';
import { absolutePath } from '../paths.ts';
import { newNumber } from './numbering.ts';
import { lookAtPath } from '../catalogue/workingCopies.ts';

/** A working copy whose bytes are in the store. */
export interface Copy {
  readonly model: ModelPath;
  readonly kept: KeptCopy;
  readonly inGit: () => Promise<WorkingTreeState> | undefined;
}

/** @throws TrailError `usage`, `refused` where it is nothing that can be recorded */
export async function keepCopy(
  context: TrailContext,
  model: ModelPath,
  inGit: Copy['inGit'],
  operation: Operation,
): Promise<Copy> {
  // Before anything is kept: the journal would refuse the fact.
  absolutePath(context.root, model);
  if (!isModelPath(model)) throw notEverywhere(model);
  const working = await lookAtPath(context, model);
  if (working.state === 'pointer') throw onlyPointer(model);
  // Git can be asked while the file is read.
  if (working.version === undefined) void inGit();
  return { model, inGit, kept: await keep(context, model, operation) };
}

/** What is known of what it holds, if that was recorded before. */
export function recordedAs({ catalogue }: TrailContext, { model, kept }: Copy): VersionFacts['recorded'] {
  return catalogue.factsOf(model)?.versions.get(kept.id)?.recorded;
}

/** What is said of a version: nothing without a request. */
export interface About {
  readonly request?: RecordRequest;
  readonly found?: MetricsFound;
  /** By name, what the files with its weights hold. */
  readonly externalData?: Readonly<Record<string, ContentId>>;
}

export interface Written extends Pick<
  RecordResult,
  'version' | 'isNew' | 'messageBefore' | 'metricsFile' | 'metricsProblem'
> {
  readonly isDescribed: boolean;
}

/** Appends the fact, unless nothing of it is new. */
export async function writeFact(
  context: TrailContext,
  copy: Copy,
  { request, found, externalData = {} }: About,
  operation: Operation,
): Promise<Written> {
  const { model, kept } = copy;
  const { id, size } = kept;
  const before = context.catalogue.factsOf(model);
  const version = before?.versions.get(id);
  const known = version?.recorded;
  const beside = found && metricsFor(context, { ...request, model }, id, found);
  const said: Said = {
    message: request?.message,
    metrics: { ...beside?.metrics, ...request?.metrics },
    params: { ...beside?.params, ...request?.params },
    byHand: request && namesIn(request),
  };
  const hasNewData = Object.keys(externalData).some(
    (name) => !Object.hasOwn(known?.externalData ?? {}, name),
  );
  const isSaid = !known || (before?.head !== id && !hasNewData) || isNews(version, said);
  if (isSaid || hasNewData) {
    // Its number and its origin are what they were the first time.
    const inGit = known ? undefined : await copy.inGit();
    const number = known?.number ?? (await newNumber(context, model, id, inGit));
    const files = kept.files?.length;
    const fact = { kind: 'recorded', by: context.author, model, version: id, size, files, number } as const;
    const data = hasNewData ? { externalData } : {};
    const origin = known ? {} : { provenance: provenance(inGit, id, before?.head), ...data };
    // By itself, so that it stays when what is said is undone.
    if (known && hasNewData) await append(context, { ...fact, ...data });
    if (isSaid) await append(context, { ...fact, ...said, ...origin });
    await keepAgain(context, model, kept, operation);
  }
  return {
    version: context.catalogue.version({ model, version: id }),
    isNew: known === undefined,
    isDescribed: request !== undefined,
    messageBefore:
      known && request?.message && request.message !== version.message ? version.message : undefined,
    metricsFile: beside?.file,
    metricsProblem: beside?.problem,
  };
}

function notEverywhere(model: ModelPath): TrailError {
  return new TrailError(
    'usage',
    l10n.t('{0} cannot be recorded: this is no path that a model can have on every system.', model),
  );
}

function onlyPointer(model: ModelPath): TrailError {
  return new TrailError(
    'refused',
    l10n.t(
      '{0} is here only as a pointer of Git LFS, which is no version of a model. Get the bytes first: git lfs pull',
      model,
    ),
  );
}

type Said = Pick<RecordedFact, 'message' | 'byHand'> & Pick<VersionFacts, 'metrics' | 'params'>;

/** Whether recording a version again would add to what is known of it. */
function isNews(version: VersionFacts, said: Said): boolean {
  const { message, byHand = [] } = said;
  if (version.forgotten || (message && message !== version.message)) return true;
  return byHand.some((name) => !version.byHand?.has(name)) || saysMore(version, said);
}

function namesIn({ metrics, params }: RecordRequest): readonly string[] | undefined {
  const names = Object.keys({ ...metrics, ...params });
  return names.length > 0 ? names : undefined;
}

/** Somebody may have given up the same bytes before the fact was there to be seen. */
async function keepAgain(
  context: TrailContext,
  model: ModelPath,
  { id, files }: KeptCopy,
  operation: Operation,
): Promise<void> {
  while (!(await ensureKept(context.store, { id, files: files?.length }))) {
    if ((await keep(context, model, operation)).id === id) continue;
    throw new TrailError(
      'refused',
      l10n.t('{0} was forgotten and changed by other programs while it was recorded.', model),
    );
  }
}

function provenance(
  inGit: WorkingTreeState | undefined,
  id: ContentId,
  head: ContentId | undefined,
): Provenance | undefined {
  const parent = head === id ? undefined : head;
  const { commit, branch, dirty } = inGit ?? {};
  return inGit || parent !== undefined ? { commit, branch, dirty, parent } : undefined;
}
