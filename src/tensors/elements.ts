import * as l10n from '@vscode/l10n';
import { displayText } from '../formats/displayText.ts';
import { elementCount } from '../formats/numberText.ts';
import type { TensorInfo } from '../formats/summary.ts';
import type { Negated, StoragePlace } from '../formats/tensorStorage.ts';
import type { ElementType } from './elementType.ts';
import { elementType } from './elementTypes.ts';
import { int8, uint8 } from './plainTypes.ts';
import { float6E2M3, float6E2M3Bytes, float6E3M2, float6E3M2Bytes } from './smallFloats.ts';
import { extentOf, partLevel, type Strided } from './strided.ts';

/** All that it takes to read the elements of a tensor. */
export interface Elements {
  readonly place: StoragePlace;
  readonly count: number;
  /** Of the elements when they are in order. */
  readonly byteLength: number;
  /** Absent where there are bytes only. */
  readonly type?: ElementType;
  readonly strided?: Strided;
  readonly bigEndian: boolean;
  readonly negated?: Negated;
}

interface Obstacle {
  readonly obstacle: string;
}

export function isObstacle(value: Elements | Obstacle): value is Obstacle {
  return 'obstacle' in value;
}

/**
 * @param fileSize of the model, in bytes
 * @param canOpenOthers whether files beside the model can be had
 */
export function elementsOf(
  tensor: TensorInfo,
  fileSize: number,
  canOpenOthers: boolean,
): Elements | Obstacle {
  const { dtype, shape, storage } = tensor;
  const place = placeOf(tensor);
  const count = elementCount(shape);
  if (count === undefined) return { obstacle: l10n.t('The shape of the tensor is not valid.') };
  if (!place) {
    return {
      obstacle: l10n.t('Where the elements are in the file is not known, or they are not all there.'),
    };
  }
  if (place.kind === 'file') {
    if (place.file !== undefined && !canOpenOthers) {
      const file = displayText(place.file);
      return {
        obstacle: l10n.t('The elements are in the file "{0}", which cannot be read from here.', file),
      };
    }
    if (place.file === undefined && !(place.offset + place.length <= fileSize)) {
      return { obstacle: l10n.t('The file ends before the tensor does.') };
    }
  }
  const found = elementType(dtype);
  const length = 'length' in place ? place.length : undefined;
  const type = found && unpacked(dtype, found.type, place, count);
  const bigEndian = (found?.bigEndian ?? false) || (storage?.bigEndian ?? false);
  if (!type) {
    const isPlain =
      !storage?.strides && !storage?.bigEndian && !storage?.negated && tensor.byteLength !== undefined;
    if (isPlain) return { place, count, byteLength: tensor.byteLength, bigEndian };
    return { obstacle: l10n.t('Elements of the type {0} are not read as numbers.', displayText(dtype)) };
  }
  if (bigEndian && type.word === 0) {
    return { obstacle: l10n.t('Quantised elements of a big-endian file are not read as numbers.') };
  }
  const negated = storage?.negated;
  if (negated && !signed.test(dtype)) {
    return { obstacle: l10n.t('Elements of the type {0} are not read as numbers.', displayText(dtype)) };
  }
  // Blocks of whole bytes, of which the last may be cut where elements are smaller than a byte.
  const byteLength = Math.ceil((count * type.bytes) / type.block);
  const strided = storage?.strides && { shape, strides: storage.strides, width: type.bytes };
  if (strided) {
    const isReadable = strided.strides.every((stride) => stride >= 0) && type.block === 1;
    if (!isReadable || partLevel(strided) === undefined) {
      return { obstacle: l10n.t('The elements lie in an order in which they cannot be read at ease.') };
    }
    if (length !== undefined && count > 0 && extentOf(strided, 0) * type.bytes > length) {
      return { obstacle: notAllThere() };
    }
  } else if (length !== undefined && length !== byteLength) {
    return {
      obstacle: l10n.t('The tensor has {0} bytes, but its shape and type need {1}.', length, byteLength),
    };
  }
  return { place, count, byteLength, type, strided, bigEndian, negated };
}

/** Numbers that begin with a sign. */
const signed = /^(?:F16|BF16|F32|F64|C64|b?complex\d+)$/;

function notAllThere(): string {
  return l10n.t('Where the elements are in the file is not known, or they are not all there.');
}

function placeOf({ storage, byteOffset, byteLength }: TensorInfo): StoragePlace | undefined {
  if (storage) return storage.place;
  if (byteOffset === undefined || byteLength === undefined) return undefined;
  return { kind: 'file', offset: byteOffset, length: byteLength };
}

const ofWholeBytes: ReadonlyMap<ElementType, ElementType> = new Map([
  [float6E2M3, float6E2M3Bytes],
  [float6E3M2, float6E3M2Bytes],
]);

/** TensorFlow gives every element a byte, also those of four bits, and ONNX those of six bits that it writes as numbers. */
function unpacked(dtype: string, type: ElementType, place: StoragePlace, count: number): ElementType {
  if (place.kind === 'varints') return ofWholeBytes.get(type) ?? type;
  const isInteger = /^u?int/i.test(dtype) && type.block > 1;
  const hasByteEach = 'length' in place && place.length === count && count > 1;
  if (!isInteger || !hasByteEach) return type;
  return dtype.toLowerCase().startsWith('u') ? uint8 : int8;
}
