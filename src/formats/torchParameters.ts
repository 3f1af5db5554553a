import { countParameters } from './parameters.ts';
import type { TensorInfo } from './summary.ts';
import type { SummaryDraft } from './summaryDraft.ts';

/** What training keeps beside the weights: two numbers and more for each, what callbacks remember, how well it went. */
const trainingState = /^(?:optim|optimizers?|optimizer_states?|lr_schedulers?|callbacks|loops|metrics)[._]/;
/** How far it is, as a tensor of one number. */
const progress = /^(?:(?:global_|max_)?(?:epochs?|steps?|iter(?:ation)?s?)|best_\w+)$/;
/** Where generators of random numbers go on: by name, and those of PyTorch and NumPy by their size, as each library has other names. */
const randomState = /(?:^|[._])rng(?:_states?)?(?:\.|$)/;
const randomStates = new Set(['U8 5056', 'U32 624']);

/**
 * Tells the parameters of a checkpoint from what is kept beside them, and counts them: weights that are tied count once; the state of the
 * training, buffers and indices do not count, as far as the file tells them apart. The number stays unknown for a file that holds nothing else.
 */
export function tellTorchParameters(draft: SummaryDraft): void {
  const { tensors, hyperparameters } = draft;
  const states = optimizerStates(hyperparameters.keys());
  for (const [at, tensor] of tensors.entries()) {
    const { name, dtype, shape } = tensor;
    const isBeside =
      dtype === 'BYTES' ||
      dtype === 'TEXT' ||
      trainingState.test(name) ||
      (shape.length === 0 && progress.test(name)) ||
      randomState.test(name) ||
      randomStates.has(`${dtype} ${shape.join(' ')}`) ||
      states.some((state) => name.startsWith(state));
    if (isBeside) tensors[at] = { ...tensor, notTrained: true };
  }
  const own = tensors.filter(({ notTrained }) => !notTrained);
  const holdsNothingElse = own.length === 0 && tensors.length > 0;
  draft.parameters = holdsNothingElse ? undefined : countParameters(withoutCopies(own));
}

/** The state of an optimizer stands beside its groups of parameters, whatever it is called; their learning rate may be a tensor. */
function optimizerStates(settings: Iterable<string>): readonly string[] {
  const groups = /^((?:.*?\.)?)param_groups(?:\.|$)/;
  return [...new Set([...settings].flatMap((name) => groups.exec(name)?.[1] ?? []))].flatMap((prefix) => [
    `${prefix}state.`,
    `${prefix}param_groups.`,
  ]);
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Leaves out views of what others are made of: the same elements, also in another order, or a part of them. */
function withoutCopies(tensors: readonly TensorInfo[]): TensorInfo[] {
  const seen = new Map<string, { readonly covered: Extent[]; readonly layouts: Set<string> }>();
  // Those that others are parts of come first.
  return tensors.toSorted(bySpan).filter((tensor) => {
    const extent = extentOf(tensor);
    if (!extent) return tensor.sharesStorageWith === undefined;
    const root = tensor.sharesStorageWith ?? tensor.name;
    const known = seen.get(root) ?? { covered: [], layouts: new Set() };
    seen.set(root, known);
    const layout = layoutOf(tensor);
    const key = `${extent.start} ${layout}`;
    const isCopy =
      known.layouts.has(key) ||
      known.covered.some(({ start, end }) => start <= extent.start && extent.end <= end);
    known.layouts.add(key);
    // One run of elements, with nothing in between.
    if (/^\d+:1$/.test(layout)) known.covered.push(extent);
    return !isCopy;
  });
}

function bySpan(a: TensorInfo, b: TensorInfo): number {
  const [x, y] = [a, b].map((tensor) => {
    const extent = extentOf(tensor);
    return extent ? extent.end - extent.start : 0;
  });
  return (y ?? 0) - (x ?? 0);
}

/** Which bytes a tensor is a view of; undefined where that is not one range. */
function extentOf({ byteOffset, byteLength, storage }: TensorInfo): Extent | undefined {
  if (byteOffset !== undefined && byteLength !== undefined)
    return { start: byteOffset, end: byteOffset + byteLength };
  const place = storage?.place;
  if (place?.kind !== 'file' && place?.kind !== 'packed') return undefined;
  return { start: place.offset, end: place.offset + place.length };
}

/** How many elements lie how far apart, in the order of the distances: the same for a matrix and its transpose. */
function layoutOf({ shape, storage }: TensorInfo): string {
  const strides = storage?.strides ?? rowStrides(shape);
  const runs: { length: number; stride: number }[] = [];
  const dimensions = shape.map((length, at) => ({ length, stride: strides[at] ?? 0 }));
  for (const { length, stride } of dimensions.sort((a, b) => a.stride - b.stride)) {
    const last = runs.at(-1);
    if (length === 1) continue;
    if (last && stride === last.length * last.stride) last.length *= length;
    else runs.push({ length, stride });
  }
  if (runs.length === 0) return '1:1';
  return runs.map(({ length, stride }) => `${length}:${stride}`).join(' ');
}

function rowStrides(shape: readonly number[]): number[] {
  let stride = 1;
  return shape
    .toReversed()
    .map((length) => {
      const own = stride;
      stride *= length;
      return own;
    })
    .reverse();
}
