import type { Quantizer } from '../quantizer.ts';
import type { Negated } from '../tensorStorage.ts';
import { torchType, type TorchType } from '../torchTypes.ts';
import { numpyArray } from './ndarray.ts';
import { attributesOf, entryOf, lengthsOf } from './objects.ts';
import { storageOf } from './torchStorage.ts';
import { globalName, isCall, sequence, type PyCall, type Value } from './values.ts';

/** A tensor as PyTorch pickles it: a view of a storage that is kept elsewhere. */
export interface TorchTensor {
  readonly type: TorchType;
  readonly shape: readonly number[];
  /** In elements; absent where it does not matter. */
  readonly strides?: readonly number[];
  readonly storage?: TorchStorage;
  /** Where in the storage the first element is, in bytes. */
  readonly offset: number;
  readonly negated?: Negated;
  readonly quantizer?: Quantizer;
  readonly channels?: TorchChannels;
  /** Which processes keep the parts of a distributed tensor, of which this is one. */
  readonly mesh?: TorchTensor;
}

/** What a quantised tensor says of its channels: a scale and a zero point for each index along the axis. */
export interface TorchChannels {
  readonly scales: TorchTensor;
  readonly zeroPoints: TorchTensor;
  readonly axis: number;
}

export interface TorchStorage {
  readonly key: string;
  /** As declared, in bytes. */
  readonly length: number;
}

/** Finds the tensor that a file keeps under an id of its own. */
export type TensorLookup = (id: Value) => TorchTensor | undefined;

/** A parameter of a tensor of a subclass... */
const maxNesting = 8;

/** @returns undefined for what is no tensor, or none that PyTorch would make */
export function torchTensor(value: Value, lookup?: TensorLookup, depth = 0): TorchTensor | undefined {
  if (typeof value !== 'object' || value === null || depth > maxNesting) return undefined;
  if (value.kind === 'persistent') return lookup?.(value.id);
  if (value.kind !== 'call') return undefined;
  const args = sequence(value.args) ?? [];
  switch (globalName(value.callable)) {
    case 'torch._utils._rebuild_tensor':
    case 'torch._utils._rebuild_tensor_v2':
      return view(args, undefined, args[6]);
    case 'torch._utils._rebuild_qtensor': {
      const stored = view(args);
      return stored && { ...stored, ...quantizerOf(args[4], lookup, depth + 1) };
    }
    case 'torch._utils._rebuild_tensor_v3':
      return view(args, typeOf(args[6]), args[7]);
    case 'torch._utils._rebuild_parameter':
    case 'torch._utils._rebuild_parameter_with_state':
      return torchTensor(args[0] ?? null, lookup, depth + 1);
    case 'torch._tensor._rebuild_from_type_v2': {
      const [callable = null, , given = null, state] = args;
      const inner: PyCall = { kind: 'call', callable, args: given, state };
      return localPart(inner, lookup, depth + 1) ?? torchTensor(inner, lookup, depth + 1);
    }
    case 'torch._utils._rebuild_meta_tensor_no_storage':
      return withoutStorage(args[0], args[1]);
    case 'torch._utils._rebuild_wrapper_subclass':
      return withoutStorage(args[1], args[2]);
    case 'torch._utils._rebuild_device_tensor_from_numpy':
    case 'torch._utils._rebuild_device_tensor_from_cpu_tensor':
      return converted(args[0] ?? null, args[1], lookup, depth + 1);
    default:
      return undefined;
  }
}

/** What one process has of a DTensor, as FSDP2 keeps it: all that is in the file, in its own shape. */
function localPart(tensor: PyCall, lookup: TensorLookup | undefined, depth: number): TorchTensor | undefined {
  const own = (value: Value, name: string): Value => attributesOf(value)?.get(name) ?? null;
  const local = torchTensor(own(tensor, '_local_tensor'), lookup, depth);
  const ranks = own(own(own(tensor, '_spec'), 'mesh'), '_rank_map');
  return local && { ...local, mesh: torchTensor(ranks, lookup, depth) };
}

/** The dense tensors that a sparse one is made of. */
export function sparseParts(value: Value): readonly (readonly [name: string, value: Value])[] | undefined {
  if (!isCall(value) || globalName(value.callable) !== 'torch._utils._rebuild_sparse_tensor')
    return undefined;
  const [layout, data] = sequence(value.args) ?? [];
  const parts = sequence(data) ?? [];
  // Coordinates and values, or compressed indices, plain indices and values.
  const names = layoutName(layout).endsWith('coo')
    ? ['indices', 'values']
    : ['first_indices', 'second_indices', 'values'];
  return names.map((name, at) => [name, parts[at] ?? null]);
}

function layoutName(layout: Value | undefined): string {
  if (isCall(layout)) return String(sequence(layout.args)?.[0] ?? '');
  return globalName(layout) ?? '';
}

/** @param metadata of a view that is the negative or the conjugate of what is stored */
function view(args: readonly Value[], ownType?: TorchType, metadata: Value = null): TorchTensor | undefined {
  const [storageValue = null, offset, sizes, stepSizes] = args;
  const storage = storageOf(storageValue);
  const shape = lengthsOf(sizes);
  const strides = lengthsOf(stepSizes);
  const type = ownType ?? storage?.type;
  if (!storage || !shape || !type || strides?.length !== shape.length) return undefined;
  if (typeof offset !== 'number' || offset < 0) return undefined;
  if (type.bytes === 0) return { type, shape, offset: 0 };
  const { key, length } = storage;
  return {
    type,
    shape,
    strides,
    storage: key === undefined ? undefined : { key, length },
    offset: storage.offset + offset * type.bytes,
    negated: negatedBy(entryOf(metadata, 'neg') === true, entryOf(metadata, 'conj') === true),
  };
}

function negatedBy(isNegative: boolean, isConjugate: boolean): Negated | undefined {
  if (isNegative) return isConjugate ? 'real' : 'all';
  return isConjugate ? 'imaginary' : undefined;
}

/** `(scheme, scale, zero point)`, or of channels `(scheme, scales, zero points, axis)`. */
function quantizerOf(
  value: Value | undefined,
  lookup: TensorLookup | undefined,
  depth: number,
): Pick<TorchTensor, 'quantizer' | 'channels'> {
  const [, scale = null, zeroPoint = null, axis] = sequence(value) ?? [];
  if (typeof scale === 'number' && typeof zeroPoint === 'number')
    return { quantizer: { scales: [scale], zeroPoints: [zeroPoint] } };
  const quantizer = { scales: [], zeroPoints: [] };
  const [scales, zeroPoints] = [scale, zeroPoint].map((tensor) => torchTensor(tensor, lookup, depth));
  if (!scales || !zeroPoints || typeof axis !== 'number') return { quantizer };
  return { quantizer, channels: { scales, zeroPoints, axis } };
}

function withoutStorage(typeValue: Value | undefined, sizes: Value | undefined): TorchTensor | undefined {
  const type = typeOf(typeValue);
  const shape = lengthsOf(sizes);
  return type && shape && { type, shape, offset: 0 };
}

function converted(
  value: Value,
  typeValue: Value | undefined,
  lookup: TensorLookup | undefined,
  depth: number,
): TorchTensor | undefined {
  const tensor = torchTensor(value, lookup, depth);
  if (tensor) return tensor;
  const array = numpyArray(value);
  const type = typeOf(typeValue);
  return array && type && { type, shape: array.shape, offset: 0 };
}

/** Of a later PyTorch, at least its name: storages without a type of their own would make numbers of its bytes. */
function typeOf(value: Value | undefined): TorchType | undefined {
  const name = globalName(value);
  if (!name?.startsWith('torch.')) return undefined;
  const own = name.slice('torch.'.length);
  return torchType(own) ?? { name: own, bytes: 0 };
}
