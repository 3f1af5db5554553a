import { elementTexts } from '../elementTexts.ts';
import { eachVarint, signed, type Field } from '../protobuf.ts';
import type { VarintPlace } from '../tensorStorage.ts';
import { fieldText, type OnnxFile } from './file.ts';

/** Tensors up to this length are shown by their values: axes, shapes, scales. */
export const maxShown = 16;

/** The elements in the bytes of a field; undefined for types that take decoding of their own. */
export async function rawValues(
  { cursor }: OnnxFile,
  { start, end }: Field,
  type: string,
): Promise<string[] | undefined> {
  if (end - start > maxShown * 8) return undefined;
  cursor.moveTo(start);
  return elementTexts(type, await cursor.bytes(end - start, maxShown * 8));
}

/** A list that is not packed has one for each number: real ones are packed. */
const maxParts = 1000;
const noBytes = new Uint8Array(0);

/** The elements that are written as numbers or strings, not as they are in memory; only the first few are read. */
export class TypedValues {
  sawData = false;
  count = 0;
  readonly #values: string[] = [];
  readonly #parts: { readonly start: number; readonly end: number }[] = [];

  /** float_data, int32_data, string_data, int64_data, double_data, uint64_data. */
  static isField(number: number): boolean {
    return (number >= 4 && number <= 7) || number === 10 || number === 11;
  }

  async read(file: OnnxFile, part: Field): Promise<void> {
    const { number, start, end } = part;
    const isWhole = number === 5 || number === 7 || number === 11;
    if (isWhole && this.#parts.length <= maxParts) this.#parts.push({ start, end });
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

  /**
   * Where the elements can be read from, if they are written as whole numbers: those of floats are their bits, those of less than a byte
   * share one.
   */
  place(bits: number): VarintPlace | undefined {
    if (this.#parts.length === 0 || this.#parts.length > maxParts) return undefined;
    const bytes = bits <= 8 ? 1 : bits === 16 ? 2 : bits === 32 ? 4 : 8;
    return { kind: 'varints', parts: this.#parts, bytes };
  }

  /** Where there is a value for each element, few of them, and no other way to read them. */
  shown(elements: number, type: string): readonly string[] | undefined {
    const plain = type === 'STRING' || elementTexts(type, noBytes) !== undefined;
    return plain && this.count === elements && elements <= maxShown ? this.#values : undefined;
  }
}
