import type { ModelPath } from '../../core/facts.ts';
import { type Operation, throwIfCancelled } from '../../core/operation.ts';
import type { WorkingTreeState } from '../../history/workingTree.ts';
import type { RecordRequest, RecordResult } from '../api/changes.ts';
import { lookAt } from '../catalogue/workingCopies.ts';
import type { TrailContext } from '../context.ts';
import { committedBeside } from '../reading/dataVersions.ts';
import { cutOffFiles } from './cutOffFiles.ts';
import { type DataFile, dataOfCopy } from './dataOfCopy.ts';
import { findMetrics } from './metricsOfCopy.ts';
import { type Copy, keepCopy, recordedAs, writeFact, type Written } from './recordingCopy.ts';

/**
 * Keeps the working copy of a model as a version: its bytes first, then, when those are durable, the fact. The files with the weights of
 * an ONNX model are recorded before it, each as a version of its own: docs/onnx.md says which of them what is said goes to.
 * @param upToDate resolves when the facts about the model are those of now, which the bytes do not wait for
 */
export async function record(
  context: TrailContext,
  request: RecordRequest,
  operation: Operation,
  upToDate: () => Promise<void> = async () => {},
): Promise<RecordResult> {
  const { model } = request;
  let asking: Promise<WorkingTreeState> | undefined;
  const inGit = (): typeof asking => {
    asking ??= context.git?.state();
    asking?.catch(() => {});
    return asking;
  };
  const copy = await keepCopy(context, model, inGit, operation);
  const { files, problems } = await dataOfCopy(context, model, copy.kept, operation);
  const parts: Part[] = [];
  for (const { name, model: path } of files) {
    parts.push({ name, ...(await keepCopy(context, path, inGit, operation)) });
  }
  await upToDate();
  const others = await ofAnother(context, copy, parts, operation);
  const found = await findMetrics(context, copy, newest([copy, ...parts]), operation);
  const movedFrom = await movedUnseen(context, copy);
  // What belongs together is not left half recorded.
  throwIfCancelled(operation);
  const meant = { request, found };
  const externalData: Written[] = [];
  for (const part of parts) {
    const isMeant = others.has(part) || !recordedAs(context, part);
    externalData.push(await writeFact(context, part, isMeant ? meant : {}, operation));
  }
  const together = parts.filter((part) => !others.has(part)).map(({ name, kept }) => [name, kept.id]);
  const said = { ...(others.size === 0 && meant), externalData: Object.fromEntries(together) };
  const written = [await writeFact(context, copy, said, operation), ...externalData] as const;
  const described = written.filter(({ isDescribed }) => isDescribed);
  return {
    version: written[0].version,
    isNew: written[0].isNew,
    messageBefore: described.find(({ messageBefore }) => messageBefore !== undefined)?.messageBefore,
    described: described.map(({ version }) => version),
    metricsFile: described.find(({ metricsFile }) => metricsFile !== undefined)?.metricsFile,
    metricsProblem: described.find(({ metricsProblem }) => metricsProblem !== undefined)?.metricsProblem,
    externalData: externalData.map(({ version, isNew }) => ({ version, isNew })),
    externalDataProblems: problems,
    movedFrom,
    // Not of one that is there already: that takes no time.
    cutOff: written[0].isNew ? await cutOffFiles(context, model, copy.kept) : [],
  };
}

type Part = DataFile & Copy;

/** The model that a copy seems to be, where neither Git nor the journal says so. */
async function movedUnseen(context: TrailContext, { model, kept }: Copy): Promise<ModelPath | undefined> {
  const from = context.catalogue.gone.movedUnseen(model, kept.id);
  return from !== undefined && (await lookAt(context, from)).state === 'missing' ? from : undefined;
}

/** When the last of some files was written, in nanoseconds since 1970: a training may leave the graph as it is. */
function newest(copies: readonly Copy[]): bigint {
  return copies
    .map(({ kept }) => BigInt(kept.stamp.mtimeNs))
    .reduce((latest, time) => (time > latest ? time : latest));
}

/**
 * The files in which a graph that is known had other weights then: what is said now is said of these. Where there are any, also those of
 * which nobody knows what they were: they are not of then either.
 */
async function ofAnother(
  context: TrailContext,
  graph: Copy,
  parts: readonly Part[],
  operation: Operation,
): Promise<ReadonlySet<Part>> {
  const before = new Map(Object.entries(recordedAs(context, graph)?.externalData ?? {}));
  const unknown = parts.map(({ name }) => name).filter((name) => !before.has(name));
  const version = context.catalogue.find({ model: graph.model, version: graph.kept.id });
  const committed =
    version && unknown.length > 0 ? await committedBeside(context, version, unknown, operation) : [];
  for (const [name, data] of committed) if (data) before.set(name, data.id);
  const isOther = ({ name, kept }: Part): boolean => before.get(name) !== kept.id;
  return new Set(parts.some((part) => before.has(part.name) && isOther(part)) ? parts.filter(isOther) : []);
}
