import { TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import { type Operation, throwIfCancelled } from '../../core/operation.ts';
import { summarizeModel } from '../../formats/describe.ts';
import type { ModelSummary } from '../../formats/summary.ts';
import { openTensors, type TensorReader } from '../../tensors/tensorReader.ts';
import type { ReadTarget } from '../api/targets.ts';
import type { TrailContext } from '../context.ts';
import { openContent, type OpenContent } from './openContent.ts';
import { stampOfModel } from './openDirectory.ts';

/** A model whose tensors can be read. */
export interface OpenModel {
  readonly summary: ModelSummary;
  readonly tensors: TensorReader;
  readonly id?: ContentId;
  /** In bytes. */
  readonly size: number;
}

export interface ClosableModel extends OpenModel {
  close(): Promise<void>;
}

interface Held {
  readonly key: string;
  opening: Promise<ClosableModel>;
  users: number;
  timer?: NodeJS.Timeout;
}

/** Whoever looks at one tensor soon looks at another; a file that stays open longer could not be replaced on Windows. */
const idleMilliseconds = 15_000;

/** The model that was looked at last, by trail: to open one can mean to unpack it, or to fetch it from Git. */
const held = new WeakMap<TrailContext, Held>();

/** Does something with a version or working copy that is opened for that, or still open. @throws TrailError */
export async function withModel<T>(
  context: TrailContext,
  target: ReadTarget,
  operation: Operation,
  use: (model: OpenModel) => T | Promise<T>,
): Promise<T> {
  const key = await keyOf(context, target);
  const before = held.get(context);
  const entry: Held =
    before?.key === key ? before : { key, opening: open(context, target, operation), users: 0 };
  held.set(context, entry);
  entry.users++;
  try {
    if (before && before !== entry) await giveUp(before);
    const model = await opened(context, entry, () => open(context, target, operation), operation);
    // Another may have opened it for one who has given up meanwhile.
    throwIfCancelled(operation);
    return await use(model);
  } finally {
    entry.users--;
    if (held.get(context) !== entry) await giveUp(entry);
    else if (entry.users === 0) closeLater(context, entry);
  }
}

/** Whoever began to open a model may have given up on it, which is no reason for the others to. */
async function opened(
  context: TrailContext,
  entry: Held,
  again: () => Held['opening'],
  { signal }: Operation,
): Promise<OpenModel> {
  for (;;) {
    const { opening } = entry;
    try {
      return await opening;
    } catch (error) {
      if (!TrailError.is(error, 'cancelled') || signal.aborted) {
        if (held.get(context) === entry) held.delete(context);
        throw error;
      }
      // Of several who wait, the first opens it for all.
      if (entry.opening === opening) entry.opening = again();
    }
  }
}

function closeLater(context: TrailContext, entry: Held): void {
  clearTimeout(entry.timer);
  entry.timer = setTimeout(() => {
    if (entry.users === 0 && held.get(context) === entry) void closeModels(context);
  }, idleMilliseconds);
  entry.timer.unref();
}

/** Closes what is still open. */
export async function closeModels(context: TrailContext): Promise<void> {
  const entry = held.get(context);
  held.delete(context);
  if (entry) await giveUp(entry);
}

/** The last one who uses it closes it. */
async function giveUp(entry: Held): Promise<void> {
  clearTimeout(entry.timer);
  if (entry.users > 0) return;
  const model = await entry.opening.catch(() => undefined);
  await model?.close();
}

async function keyOf(context: TrailContext, { model, version, at }: ReadTarget): Promise<string> {
  if (version !== undefined) return JSON.stringify([model, version, at?.commit, at?.path]);
  return JSON.stringify([model, await stampOfModel(context, model)]);
}

async function open(context: TrailContext, target: ReadTarget, operation: Operation): Promise<ClosableModel> {
  return openModel(await openContent(context, target, operation), operation);
}

/** Closes the content in the end, whatever happens. */
export async function openModel(
  { access, name, id, sibling, size = access.size }: OpenContent,
  operation: Operation,
): Promise<ClosableModel> {
  try {
    const summary = await summarizeModel(access, { name, signal: operation.signal, sibling });
    const tensors = openTensors(access, sibling);
    return {
      summary,
      tensors,
      id,
      size,
      async close() {
        await tensors.close();
        await access.close();
      },
    };
  } catch (error) {
    await access.close();
    throw error;
  }
}
