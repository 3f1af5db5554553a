import * as l10n from '@vscode/l10n';
import { displayText } from '../displayText.ts';
import { elementCount } from '../numberText.ts';
import { eachField, eachVarint, signed, type Field } from '../protobuf.ts';
import type { TensorInfo } from '../summary.ts';
import { fieldText, type OnnxFile } from './file.ts';
import { maxShown, rawValues, TypedValues } from './tensorValues.ts';
import { onnxType } from './types.ts';

const field = { dims: 1, dataType: 2, name: 8, rawData: 9, externalData: 13, location: 14 };
/** The fields of numbers whose bytes, packed, are the elements as they are in memory: floats and doubles. */
const fixedFields: ReadonlySet<number> = new Set([4, 10]);
const external = 1n;
const maxDimensions = 64;

export interface OnnxTensor extends TensorInfo {
  /** Of the few that are shown as they are. */
  readonly values?: readonly string[];
}

/**
 * Reads a TensorProto from the cursor; its elements are passed over.
 * @param nameOf what it is called, by the name of its own
 */
export async function readTensor(
  file: OnnxFile,
  end: number,
  nameOf: (own: string) => string,
): Promise<OnnxTensor> {
  const { cursor, draft } = file;
  const at = cursor.offset;
  let own = '';
  let dataType = 0;
  let isExternal = false;
  let data: Field | undefined;
  const shape: number[] = [];
  const range = new Map<string, string>();
  const typed = new TypedValues();
  draft.count(3);
  await eachField(cursor, end, async (part) => {
    const { number, wireType, value } = part;
    if (number === field.dims) {
      await eachVarint(cursor, part, (dimension) => {
        if (shape.length < maxDimensions) shape.push(dimensionOf(dimension));
      });
    } else if (number === field.dataType && wireType === 0) dataType = Number(value);
    else if (number === field.location && wireType === 0) isExternal = value === external;
    else if (number === field.name) own = await fieldText(file, part);
    else if (number === field.rawData && wireType === 2) data = part;
    else if (number === field.externalData && wireType === 2) await readEntry(file, part, range);
    else if (TypedValues.isField(number)) {
      typed.sawData = true;
      // All in one piece, or there is no range that holds them.
      if (fixedFields.has(number) && typed.count === 0 && wireType === 2) data = part;
      else if (data && fixedFields.has(number)) data = undefined;
      await typed.read(file, part);
    }
  });
  const type = onnxType(dataType);
  const name = nameOf(own);
  const elements = elementCount(shape);
  const tensor = { name, dtype: type.name, shape };
  const error = (message: string): void => draft.findings.error(message, at);
  if (elements === undefined) {
    error(l10n.t('The shape of the tensor "{0}" is not valid.', displayText(name)));
    return tensor;
  }
  if (type.bits === 0) {
    if (type.name !== 'STRING') {
      error(l10n.t('The tensor "{0}" has the unknown type "{1}".', displayText(name), dataType));
    }
    return { ...tensor, values: typed.shown(elements, type.name) };
  }
  const byteLength = Math.ceil((elements * type.bits) / 8);
  if (isExternal) {
    const place = file.external.add(draft, name, range, byteLength, at);
    return { ...tensor, byteLength, ...(place && { storage: { place } }) };
  }
  const found = data && data.end - data.start;
  if (found === undefined ? elements > 0 && !typed.sawData : found !== byteLength) {
    error(
      l10n.t(
        'The tensor "{0}" has {1} bytes, but its shape and type need {2}.',
        displayText(name),
        found ?? 0,
        byteLength,
      ),
    );
  }
  if (!data) {
    const place = typed.place(type.bits);
    const values = typed.shown(elements, type.name);
    return { ...tensor, byteLength, values, ...(place && { storage: { place } }) };
  }
  const values = elements <= maxShown ? await rawValues(file, data, type.name) : undefined;
  return { ...tensor, byteOffset: data.start, byteLength: found, values };
}

/** What no file could hold is not a number. */
function dimensionOf(value: bigint): number {
  const dimension = Number(signed(value));
  return dimension >= 0 && Number.isSafeInteger(dimension) ? dimension : Number.NaN;
}

/** A StringStringEntryProto. */
export async function readEntry(
  file: OnnxFile,
  { start, end }: Field,
  into: Map<string, string>,
): Promise<void> {
  let key = '';
  let value = '';
  file.cursor.moveTo(start);
  file.draft.count();
  await eachField(file.cursor, end, async (part) => {
    if (part.number === 1) key = await fieldText(file, part);
    else if (part.number === 2) value = await fieldText(file, part, maxValue);
  });
  into.set(key, value);
}

/** Whole label lists and configurations are kept in metadata. */
const maxValue = 4 * 2 ** 20;
