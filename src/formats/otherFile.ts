import type { TensorInfo } from './summary.ts';
import type { StoragePlace } from './tensorStorage.ts';

/** A tensor of a file beside the model, as one of the model. */
export function inOtherFile(tensor: TensorInfo, file: string): TensorInfo {
  const place = tensor.storage?.place ?? rangeOf(tensor);
  // What is compressed there cannot be told of here.
  const storage =
    place?.kind === 'file' ? { ...tensor.storage, place: { ...place, file: place.file ?? file } } : undefined;
  return { ...tensor, byteOffset: undefined, storage };
}

function rangeOf({ byteOffset, byteLength }: TensorInfo): StoragePlace | undefined {
  if (byteOffset === undefined || byteLength === undefined) return undefined;
  return { kind: 'file', offset: byteOffset, length: byteLength };
}
