import { Malformed, type ByteCursor } from './byteCursor.ts';

/** A table: its slots, and where in the file each field is. */
export type Table = readonly (number | undefined)[];

/** A list: where its first element is, and how many there are. */
export interface Vector {
  readonly start: number;
  readonly count: number;
}

const maxSlots = 1024;
const emptyVector: Vector = { start: 0, count: 0 };

/**
 * Reads FlatBuffers in place. Every offset is checked against the bounds of the buffer; tables that are used again and again are bounded by
 * what its reader counts.
 */
export class FlatBuffer {
  readonly #cursor: ByteCursor;
  readonly #start: number;
  /** Of the bytes, in the file. */
  readonly end: number;

  constructor(cursor: ByteCursor, start: number, end: number) {
    if (!(start <= end && end <= cursor.size)) throw new Malformed();
    this.#cursor = cursor;
    this.#start = start;
    this.end = end;
  }

  root(): Promise<Table> {
    return this.#tableAt(this.#start);
  }

  /** The table that a field refers to; undefined where the field is left out. */
  async table(field: number | undefined): Promise<Table | undefined> {
    return field === undefined ? undefined : this.#tableAt(field);
  }

  async vector(field: number | undefined, elementBytes: number): Promise<Vector> {
    if (field === undefined) return emptyVector;
    const at = await this.#follow(field);
    const count = await this.#u32(at);
    this.#check(at + 4, count * elementBytes);
    return { start: at + 4, count };
  }

  /** A list of tables, one after the other. */
  async *tables(field: number | undefined): AsyncGenerator<Table> {
    const { start, count } = await this.vector(field, 4);
    for (let i = 0; i < count; i++) yield await this.#tableAt(start + 4 * i);
  }

  async text(field: number | undefined, max: number): Promise<string> {
    const { start, count } = await this.vector(field, 1);
    if (count === 0) return '';
    this.#cursor.moveTo(start);
    return this.#cursor.text(count, max);
  }

  /** The bytes of a list. */
  async bytes({ start, count }: Vector, elementBytes: number, max: number): Promise<DataView> {
    this.#cursor.moveTo(start);
    const bytes = await this.#cursor.bytes(count * elementBytes, max);
    return new DataView(bytes.buffer);
  }

  async numbers(field: number | undefined, max: number): Promise<number[]> {
    const vector = await this.vector(field, 4);
    const view = await this.bytes(vector, 4, 4 * max);
    return Array.from({ length: vector.count }, (_, i) => view.getInt32(4 * i, true));
  }

  async scalar(field: number | undefined, kind: 'i8' | 'i32' | 'u32', otherwise: number): Promise<number> {
    if (field === undefined) return otherwise;
    const bytes = kind === 'i8' ? 1 : 4;
    this.#check(field, bytes);
    this.#cursor.moveTo(field);
    const value = kind === 'i8' ? await this.#cursor.u8() : await this.#cursor.u32();
    if (kind === 'i8') return (value << 24) >> 24;
    return kind === 'i32' ? value | 0 : value;
  }

  async u64(field: number | undefined): Promise<number> {
    if (field === undefined) return 0;
    this.#check(field, 8);
    this.#cursor.moveTo(field);
    return this.#cursor.u64();
  }

  async #tableAt(reference: number): Promise<Table> {
    const table = await this.#follow(reference);
    const vtable = table - ((await this.#u32(table)) | 0);
    this.#check(vtable, 4);
    this.#cursor.moveTo(vtable);
    const vtableBytes = await this.#cursor.u16();
    const tableBytes = await this.#cursor.u16();
    if (vtableBytes < 4 || vtableBytes % 2 !== 0) throw new Malformed();
    this.#check(vtable, vtableBytes);
    this.#check(table, tableBytes);
    const slots: (number | undefined)[] = [];
    const count = Math.min((vtableBytes - 4) / 2, maxSlots);
    for (let i = 0; i < count; i++) {
      const offset = await this.#cursor.u16();
      if (offset >= tableBytes && offset !== 0) throw new Malformed();
      slots.push(offset === 0 ? undefined : table + offset);
    }
    return slots;
  }

  /** Offsets only lead forward. */
  async #follow(reference: number): Promise<number> {
    const offset = await this.#u32(reference);
    if (offset === 0) throw new Malformed();
    this.#check(reference + offset, 4);
    return reference + offset;
  }

  async #u32(at: number): Promise<number> {
    this.#check(at, 4);
    this.#cursor.moveTo(at);
    return this.#cursor.u32();
  }

  #check(at: number, length: number): void {
    if (!(at >= this.#start && length >= 0 && at + length <= this.end)) throw new Malformed();
  }
}
