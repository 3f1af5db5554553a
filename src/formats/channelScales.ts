import type { FoundTensor } from './pickle/foundTensor.ts';
import type { RandomAccess } from './randomAccess.ts';
import type { TensorInfo } from './summary.ts';

/** No tensor has more channels. In bytes of their scales. */
const maxBytes = 2 ** 22;

/**
 * Reads what the channels of quantised tensors are multiplied by, which PyTorch keeps as tensors of their own.
 * @param place finds the bytes of such a tensor
 */
export async function readScales(
  found: readonly FoundTensor[],
  place: (tensor: FoundTensor) => TensorInfo | undefined,
  access: RandomAccess,
): Promise<readonly FoundTensor[]> {
  const known: FoundTensor[] = [];
  for (const tensor of found) {
    const { channels } = tensor;
    if (!channels) known.push(tensor);
    else {
      const scales = await numbersOf(place(channels.scales), access);
      const zeroPoints = await numbersOf(place(channels.zeroPoints), access);
      known.push({ ...tensor, quantizer: { scales, zeroPoints, axis: channels.axis } });
    }
  }
  return known;
}

/** Of all storages that tensors are views of. */
export function storageKeys(found: readonly FoundTensor[]): string[] {
  return found.flatMap(({ stored, channels, mesh }) => [
    ...(stored ? [stored.key] : []),
    ...(channels ? storageKeys([channels.scales, channels.zeroPoints]) : []),
    ...(mesh ? storageKeys([mesh]) : []),
  ]);
}

/** None where they are not one range of the file. */
async function numbersOf(tensor: TensorInfo | undefined, access: RandomAccess): Promise<readonly number[]> {
  const { dtype = '', byteOffset, byteLength = 0 } = tensor ?? {};
  const kind = kinds[dtype];
  if (!kind || byteOffset === undefined || byteLength > maxBytes) return [];
  const { buffer } = new Uint8Array(await access.read(byteOffset, byteLength));
  return Array.from(new kind(buffer), Number);
}

const kinds: Readonly<
  Record<string, new (buffer: ArrayBuffer) => Iterable<number | bigint> & ArrayLike<number | bigint>>
> = { F64: Float64Array, F32: Float32Array, I64: BigInt64Array, I32: Int32Array };
