import { storageType, type TorchType } from '../torchTypes.ts';
import { globalName, isBytes, isCall, sequence, type PyCall, type Value } from './values.ts';

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
