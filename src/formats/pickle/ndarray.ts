import { numpyType, recordType, type NumpyType } from '../numpyTypes.ts';
import { elementCount, float32Text } from '../numberText.ts';
import { torchType } from '../torchTypes.ts';
import { smallest } from './arguments.ts';
import { lengthsOf } from './objects.ts';
import { globalName, isBytes, isCall, sequence, type PyArray, type PyBytes, type Value } from './values.ts';

interface Raw {
  readonly offset?: number;
  readonly length: number;
  readonly head: Uint8Array;
}

/** An array as NumPy pickles it, or as its container keeps it; undefined for anything else. */
export function numpyArray(value: Value): PyArray | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value.kind === 'array') return value;
  if (value.kind !== 'call') return undefined;
  const name = globalName(value.callable) ?? '';
  if (/^numpy\._?core\.multiarray\._reconstruct$|^numpy\.ma\.(?:core\.)?_mareconstruct$/.test(name)) {
    const state = sequence(value.state) ?? [];
    // Before there were versions, the state began with the shape.
    const [shape, type, columnMajor, data] = typeof state[0] === 'number' ? state.slice(1) : state;
    return makeArray(shape, type, columnMajor === true || columnMajor === 1, data);
  }
  if (/^numpy\._?core\.numeric\._frombuffer$/.test(name)) {
    const [data, type, shape, order] = sequence(value.args) ?? [];
    return makeArray(shape, type, order === 'F', data);
  }
  return undefined;
}

function makeArray(
  shapeValue: Value | undefined,
  typeValue: Value | undefined,
  columnMajor: boolean,
  data: Value | undefined,
): PyArray | undefined {
  const shape = lengthsOf(shapeValue);
  const type = pickledType(typeValue);
  if (!shape || !type) return undefined;
  const array = arrayOf(shape, type, columnMajor);
  if (type.bytes === 0) return { ...array, objects: sequence(data) };
  const raw = rawBytes(data);
  const isWhole = raw?.length === arrayBytes(array);
  if (!isWhole) return { ...array, available: raw?.length };
  return { ...array, offset: raw?.offset, head: raw?.head };
}

export function arrayOf(shape: readonly number[], type: NumpyType, columnMajor: boolean): PyArray {
  // The order makes no difference where at most one dimension is longer than one.
  const rowMajor = !columnMajor || shape.filter((length) => length !== 1).length <= 1;
  return { kind: 'array', dtype: type.name, shape, elementBytes: type.bytes, rowMajor };
}

/** Of elements that lie column by column. */
export function columnStrides(shape: readonly number[]): readonly number[] {
  let stride = 1;
  return shape.map((length) => {
    const own = stride;
    stride *= length;
    return own;
  });
}

/** The bytes of all elements; undefined where they are Python objects. */
export function arrayBytes({ shape, elementBytes }: PyArray): number | undefined {
  const count = elementCount(shape);
  return count === undefined || elementBytes === 0 ? undefined : count * elementBytes;
}

/** The type that a pickled `numpy.dtype` stands for. */
export function pickledType(value: Value | undefined): NumpyType | undefined {
  if (!isCall(value)) return undefined;
  const [code] = sequence(value.args) ?? [];
  const state = sequence(value.state) ?? [];
  const [, order, , , fields, itemBytes, , flags, dateUnit] = state;
  if (typeof flags === 'number' && (flags & 1) === 1) return numpyType('O');
  if (fields !== undefined && fields !== null) {
    return typeof itemBytes === 'number' && itemBytes > 0 ? recordType(itemBytes) : undefined;
  }
  if (typeof code === 'string') {
    return numpyType(`${typeof order === 'string' ? order : ''}${code}${unitText(dateUnit)}`);
  }
  // Types that NumPy lacks are classes of their own, in ml_dtypes; those that it has can be given as classes, too.
  const name = globalName(code);
  const own = name?.slice(name.lastIndexOf('.') + 1).replace(/_$/, '');
  if (own === undefined) return undefined;
  // Those of ml_dtypes that PyTorch has not are small, and have a byte for each element.
  return torchType(own) ?? (name?.startsWith('ml_dtypes.') ? { name: own, bytes: 1 } : undefined);
}

/** Of dates and times, whose type says what it counts: `[D]` for days, `[25s]` for steps of 25 seconds. */
function unitText(value: Value | undefined): string {
  const [unit, count] = sequence(sequence(value)?.[1]) ?? [];
  const name = Buffer.from(rawBytes(unit)?.head ?? []).toString('latin1');
  return /^[A-Za-z]{1,2}$/.test(name) ? `[${count === 1 ? '' : Number(count)}${name}]` : '';
}

function rawBytes(value: Value | undefined): Raw | undefined {
  if (typeof value === 'string') return pythonTwoBytes(value);
  if (typeof value === 'object' && value?.kind === 'text' && value.isLatin1) {
    const { offset, length, head } = value;
    return { offset, length, head: Buffer.from(head, 'latin1') };
  }
  return pickledBytes(value);
}

/** Bytes, also such as can be changed; undefined for anything else. */
export function pickledBytes(value: Value | undefined): Raw | undefined {
  if (!isCall(value) || globalName(value.callable) !== 'builtins.bytearray') return fixedBytes(value);
  const [content] = sequence(value.args) ?? [];
  return typeof content === 'string' ? latin1Bytes(content) : fixedBytes(content);
}

function fixedBytes(value: Value | undefined): Raw | undefined {
  if (isBytes(value)) return value;
  if (!isCall(value)) return undefined;
  const name = globalName(value.callable);
  const [content] = sequence(value.args) ?? [];
  // Protocols before 3 have no bytes: they are written as text, which takes up to two bytes for one.
  if (name === '_codecs.encode' && typeof content === 'string') return latin1Bytes(content);
  if (name === 'builtins.bytes') return { length: 0, head: new Uint8Array(0) };
  return undefined;
}

function latin1Bytes(text: string): Raw {
  return { length: text.length, head: Buffer.from(text, 'latin1') };
}

/** In Python 2 text is bytes. */
function pythonTwoBytes(text: string): Raw | undefined {
  const head = Buffer.from(text, 'latin1');
  return head.toString('latin1') === text ? { length: head.length, head } : undefined;
}

/** The value of a NumPy scalar or of an array without dimensions; undefined for anything else. */
export function numpyScalar(value: Value): Value | undefined {
  if (isCall(value) && /^numpy\._?core\.multiarray\.scalar$/.test(globalName(value.callable) ?? '')) {
    const [typeValue, data] = sequence(value.args) ?? [];
    const type = pickledType(typeValue);
    if (type?.bytes === 0) return data;
    const raw = rawBytes(data);
    return type && raw ? decodeScalar(type.name, raw.head) : undefined;
  }
  const array = numpyArray(value);
  if (!array || array.shape.length > 0) return undefined;
  if (array.objects) return array.objects[0];
  return array.head && decodeScalar(array.dtype, array.head);
}

const decoders: Readonly<Record<string, (view: DataView) => Value>> = {
  BOOL: (view) => view.getUint8(0) !== 0,
  I8: (view) => view.getInt8(0),
  U8: (view) => view.getUint8(0),
  I16: (view) => view.getInt16(0, true),
  U16: (view) => view.getUint16(0, true),
  I32: (view) => view.getInt32(0, true),
  U32: (view) => view.getUint32(0, true),
  I64: (view) => smallest(view.getBigInt64(0, true)),
  U64: (view) => smallest(view.getBigUint64(0, true)),
  F32: (view) => Number(float32Text(view.getFloat32(0, true))),
  F64: (view) => view.getFloat64(0, true),
};

function decodeScalar(dtype: string, bytes: PyBytes['head']): Value | undefined {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (dtype.startsWith('<U')) return fourByteText(view);
    return decoders[dtype]?.(view);
  } catch (error) {
    // Fewer bytes than the type has.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function fourByteText(view: DataView): string {
  const codes: number[] = [];
  for (let at = 0; at + 4 <= view.byteLength; at += 4) codes.push(view.getUint32(at, true));
  return String.fromCodePoint(...codes.filter((code) => code !== 0));
}
