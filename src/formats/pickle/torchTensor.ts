import { elementCount } from '../numberText.ts';
import { storageType, torchType, type TorchType } from '../torchTypes.ts';
import { numpyArray } from './ndarray.ts';
import { lengthsOf } from './objects.ts';
import { globalName, isBytes, isCall, sequence, type PyCall, type Value } from './values.ts';

/** A tensor as PyTorch pickles it: a view of a storage that is kept elsewhere. */
export interface TorchTensor {
  readonly type: TorchType;
  readonly shape: readonly number[];
  /** In elements; absent where it does not matter. */
  readonly strides?: readonly number[];
  readonly storage?: TorchStorage;
  /** Where in the storage the first element is, in bytes. */
  readonly offset: number;
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
    case 'torch._utils._rebuild_qtensor':
      return view(args);
    case 'torch._utils._rebuild_tensor_v3':
      return view(args, typeOf(args[6]));
    case 'torch._utils._rebuild_parameter':
    case 'torch._utils._rebuild_parameter_with_state':
      return torchTensor(args[0] ?? null, lookup, depth + 1);
    case 'torch._tensor._rebuild_from_type_v2': {
      const inner: PyCall = { kind: 'call', callable: args[0] ?? null, args: args[2] ?? null };
      return torchTensor(inner, lookup, depth + 1);
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

function view(args: readonly Value[], ownType?: TorchType): TorchTensor | undefined {
  const [storageValue = null, offset, sizes, stepSizes] = args;
  const storage = storageOf(storageValue);
  const shape = lengthsOf(sizes);
  const strides = lengthsOf(stepSizes);
  const type = ownType ?? storage?.type;
  if (!storage || !shape || !type || strides?.length !== shape.length) return undefined;
  if (typeof offset !== 'number' || offset < 0) return undefined;
  const { key, length } = storage;
  return {
    type,
    shape,
    strides,
    storage: key === undefined ? undefined : { key, length },
    offset: storage.offset + offset * type.bytes,
  };
}

export interface FoundStorage {
  readonly type: TorchType;
  /** Absent where the storage is inside of other bytes. */
  readonly key?: string;
  readonly length: number;
  /** Of a part of another storage, in bytes. */
  readonly offset: number;
}

/** The storage that a tensor is a view of. */
export function storageOf(value: Value): FoundStorage | undefined {
  if (isCall(value)) return nestedStorage(value);
  if (typeof value !== 'object' || value?.kind !== 'persistent') return undefined;
  const [kind, storageClass, key, , count, part] = sequence(value.id) ?? [];
  const name = globalName(storageClass) ?? '';
  const type = storageType(name.slice(name.lastIndexOf('.') + 1));
  if (kind !== 'storage' || !type || key === undefined || typeof count !== 'number') return undefined;
  const start = sequence(part)?.[1] ?? 0;
  const offset = typeof start === 'number' && start >= 0 ? start * type.bytes : 0;
  return { type, key: String(key), length: count * type.bytes, offset };
}

/** Pickled without torch.save, a storage is bytes that hold such a file of their own. Its head names the class of the storage. */
function nestedStorage(call: PyCall): FoundStorage | undefined {
  if (globalName(call.callable) !== 'torch.storage._load_from_bytes') return undefined;
  let [content] = sequence(call.args) ?? [];
  if (isCall(content)) content = sequence(content.args)?.[0];
  const head = isBytes(content) ? Buffer.from(content.head).toString('latin1') : String(content);
  const name = /torch(?:\.\w+)?\n(\w+Storage)\n/.exec(head)?.[1];
  const type = name === undefined ? undefined : storageType(name);
  return type && { type, length: 0, offset: 0 };
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

function typeOf(value: Value | undefined): TorchType | undefined {
  const name = globalName(value);
  return name?.startsWith('torch.') ? torchType(name.slice('torch.'.length)) : undefined;
}

/** Whether the elements lie one after the other, rows first. */
export function isContiguous({ shape, strides }: TorchTensor): boolean {
  if (!strides || shape.includes(0)) return true;
  let expected = 1;
  for (let at = shape.length - 1; at >= 0; at--) {
    if (shape[at] === 1) continue;
    if (strides[at] !== expected) return false;
    expected *= shape[at] ?? 1;
  }
  return true;
}

/** Of its elements, in bytes. */
export function tensorBytes({ shape, type }: TorchTensor): number | undefined {
  const count = elementCount(shape);
  return count === undefined ? undefined : count * type.bytes;
}

/** How far into its storage a tensor reaches, in bytes. */
export function tensorEnd({ shape, strides, type, offset }: TorchTensor): number {
  if (shape.includes(0)) return offset;
  const last = shape.reduce((sum, length, at) => sum + (length - 1) * (strides?.[at] ?? 0), 0);
  return offset + (last + 1) * type.bytes;
}
