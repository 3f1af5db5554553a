import { decoder, type Numbers } from '../tensors/decoder.ts';
import type { ElementParts } from '../tensors/elementType.ts';
import { elementType } from '../tensors/elementTypes.ts';
import { elementCount } from '../formats/numberText.ts';
import type { TensorInfo } from '../formats/summary.ts';
import type { SmallTensor } from '../tensors/tensorReader.ts';
import type { ModelSide } from './sides.ts';

/** By which parts two tensors are compared; undefined where one number says what an element is. */
export type PartsKind = ElementParts['kind'];

export function partsKind(pair: { readonly a: TensorInfo; readonly b: TensorInfo }): PartsKind | undefined {
  const [a, b] = [partsOf(pair.a)?.kind, partsOf(pair.b)?.kind];
  if (a === 'complex' || b === 'complex') return 'complex';
  return a === b ? a : undefined;
}

/** The elements as numbers, or as parts of the kind. */
export async function* elementsIn(
  kind: PartsKind | undefined,
  tensors: Pick<ModelSide['tensors'], 'numbers' | 'bytes'>,
  tensor: TensorInfo,
  signal: AbortSignal,
): AsyncGenerator<Numbers> {
  const decode = kind && partsDecoder(kind, tensor);
  if (decode) {
    for await (const piece of tensors.bytes(tensor, signal) ?? []) yield decode(piece);
  } else {
    const numbers = tensors.numbers(tensor, signal);
    for await (const piece of numbers) yield kind === undefined ? piece : withoutImaginary(piece);
  }
}

export function smallElementsIn(
  kind: PartsKind | undefined,
  small: SmallTensor,
  tensor: TensorInfo,
): Numbers {
  const decode = kind && partsDecoder(kind, tensor);
  if (decode) return decode(small.bytes);
  return kind === undefined ? small.numbers() : withoutImaginary(small.numbers());
}

/** Undefined for a tensor that has no such parts. */
function partsDecoder(kind: PartsKind, tensor: TensorInfo): ((piece: Uint8Array) => Numbers) | undefined {
  const parts = partsOf(tensor);
  if (parts?.kind !== kind) return undefined;
  return decoder(parts.type, 2 * (elementCount(tensor.shape) ?? 0));
}

function partsOf({ dtype }: TensorInfo): ElementParts | undefined {
  return elementType(dtype)?.type.parts;
}

function withoutImaginary(real: Numbers): Numbers {
  const parts = new Float64Array(2 * real.length);
  for (let i = 0; i < real.length; i++) parts[2 * i] = real[i] as number;
  return parts;
}
