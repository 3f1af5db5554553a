import { float32Text } from '../numberText.ts';
import { eachVarint, signed, type Field } from '../protobuf.ts';
import { fieldText, type OnnxFile } from './file.ts';

/** Tensors up to this length are shown by their values: axes, shapes, scales. */
export const maxShown = 16;

const decoders: Readonly<
  Record<string, readonly [bytes: number, text: (view: DataView, at: number) => string]>
> = {
  F32: [4, (view, at) => float32Text(view.getFloat32(at, true))],
  F64: [8, (view, at) => String(view.getFloat64(at, true))],
  I64: [8, (view, at) => String(view.getBigInt64(at, true))],
  U64: [8, (view, at) => String(view.getBigUint64(at, true))],
  I32: [4, (view, at) => String(view.getInt32(at, true))],
  U32: [4, (view, at) => String(view.getUint32(at, true))],
  I16: [2, (view, at) => String(view.getInt16(at, true))],
  U16: [2, (view, at) => String(view.getUint16(at, true))],
  I8: [1, (view, at) => String(view.getInt8(at))],
  U8: [1, (view, at) => String(view.getUint8(at))],
  BOOL: [1, (view, at) => String(view.getUint8(at) !== 0)],
};

/** The elements in the bytes of a field; undefined for types that take decoding of their own. */
export async function rawValues(
  { cursor }: OnnxFile,
  { start, end }: Field,
  type: string,
): Promise<string[] | undefined> {
  const decoder = decoders[type];
  if (!decoder || end - start > maxShown * 8) return undefined;
  const [bytes, text] = decoder;
  cursor.moveTo(start);
  const { buffer } = await cursor.bytes(end - start, maxShown * 8);
  const view = new DataView(buffer);
  return Array.from({ length: Math.floor(view.byteLength / bytes) }, (_, i) => text(view, i * bytes));
}

/** The elements that are written as numbers or strings, not as they are in memory; only the first few are read. */
export class TypedValues {
  sawData = false;
  count = 0;
  readonly #values: string[] = [];

  /** float_data, int32_data, string_data, int64_data, double_data, uint64_data. */
  static isField(number: number): boolean {
    return (number >= 4 && number <= 7) || number === 10 || number === 11;
  }

  async read(file: OnnxFile, part: Field): Promise<void> {
    const { number, start, end } = part;
    const long = end - start > maxShown * 8;
    if (long || this.count > maxShown) this.count += maxShown + 1;
    else if (number === 4 || number === 10) {
      this.#push((await rawValues(file, part, number === 4 ? 'F32' : 'F64')) ?? []);
    } else if (number === 6) this.#push([JSON.stringify(await fieldText(file, part))]);
    else {
      await eachVarint(file.cursor, part, (value) =>
        this.#push([String(number === 11 ? value : signed(value))]),
      );
    }
  }

  #push(values: readonly string[]): void {
    this.count += values.length;
    if (this.count <= maxShown) this.#values.push(...values);
  }

  /** Where there is a value for each element, few of them, and no other way to read them. */
  shown(elements: number, type: string): readonly string[] | undefined {
    const plain = decoders[type] !== undefined || type === 'STRING';
    return plain && this.count === elements && elements <= maxShown ? this.#values : undefined;
  }
}
