import * as l10n from '@vscode/l10n';
import { Malformed } from '../byteCursor.ts';
import type { PickleRecord } from './record.ts';
import type { Value } from './values.ts';

/** What a value takes of memory, roughly, in bytes. */
export const slotCost = 8;
/** Of the stack itself: it grows in leaps, and by copying. */
const depthCost = 24;
const objectCost = 96;

/** The stack of a pickle, in parts: an instruction reaches no further down than the last mark. */
export class PickleStack {
  readonly #record: PickleRecord;
  readonly #values: Value[] = [];
  /** Where the parts begin. */
  readonly #marks: number[] = [];
  #highest = 0;

  constructor(record: PickleRecord) {
    this.#record = record;
  }

  get top(): Value | undefined {
    return this.#values.at(-1);
  }

  replaceTop(value: Value): void {
    this.#values[this.#values.length - 1] = value;
  }

  push(value: Value): void {
    this.#record.spend(weight(value));
    this.#values.push(value);
    if (this.#values.length <= this.#highest) return;
    this.#highest = this.#values.length;
    this.#record.spend(depthCost);
  }

  /** The top, which the next instruction is to change. */
  target(): Value {
    if (this.#values.length <= (this.#marks.at(-1) ?? 0)) throw lacking();
    return this.#values.at(-1) ?? null;
  }

  pop(): Value {
    const value = this.target();
    this.#values.pop();
    return value;
  }

  popMany(count: number): Value[] {
    const from = this.#values.length - count;
    if (from < (this.#marks.at(-1) ?? 0)) throw lacking();
    return this.#values.splice(from);
  }

  mark(): void {
    this.#record.spend(depthCost);
    this.#marks.push(this.#values.length);
  }

  popMark(): Value[] {
    const start = this.#marks.pop();
    if (start === undefined) throw lacking();
    return this.#values.splice(start);
  }

  /** A value, or the mark where nothing is above it. */
  drop(): void {
    if (this.#marks.at(-1) === this.#values.length) this.#marks.pop();
    else this.pop();
  }

  /**
   * What the pickle would give if it ended here: what waits is put into what it was most likely meant for, and the rest is dropped.
   */
  salvage(): Value | undefined {
    for (let start = this.#marks.pop(); start !== undefined; start = this.#marks.pop()) {
      if (start === this.#values.length) continue;
      const waiting = settle(this.#values.splice(start));
      const target = this.#values.at(-1) ?? null;
      const entries = entriesOf(target);
      const items = entries ? undefined : itemsOf(target);
      if (entries) for (const item of waiting.slice(0, waiting.length & ~1)) entries.push(item);
      else if (items) for (const item of named(waiting)) items.push(item);
    }
    // An object, and perhaps its state.
    return settle(this.#values.slice(0, 2))[0];
  }
}

/** The keys and values of what has some. */
export function entriesOf(value: Value): Value[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value.kind === 'call') return (value.entries ??= []);
  return value.kind === 'dict' ? value.entries : undefined;
}

export function itemsOf(value: Value): Value[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value.kind === 'call') return (value.items ??= []);
  return value.kind === 'list' || value.kind === 'set' ? value.items : undefined;
}

/** A state that follows its object becomes its state. */
function settle(values: readonly Value[]): Value[] {
  const settled: Value[] = [];
  for (const value of values) {
    const before = settled.at(-1);
    const isState = typeof value === 'object' && value?.kind === 'dict';
    if (isState && typeof before === 'object' && before?.kind === 'call' && before.state === undefined) {
      before.state = value;
    } else settled.push(value);
  }
  return settled;
}

/** The last one may be a step of a pipeline: a tuple of its name and an object, which is not made yet. */
function named(values: readonly Value[]): readonly Value[] {
  const [name = null, part = null] = values.slice(-2);
  const isStep = typeof name === 'string' && typeof part === 'object' && part?.kind === 'call';
  return isStep ? [...values.slice(0, -2), { kind: 'tuple', items: [name, part] }] : values;
}

function weight(value: Value): number {
  if (typeof value === 'string') return 24 + 2 * value.length;
  if (typeof value === 'bigint') return 24 + value.toString(16).length / 2;
  if (typeof value !== 'object' || value === null) return 0;
  if (value.kind === 'bytes') return objectCost + 160 + value.head.length;
  if ('items' in value && value.items) return objectCost + slotCost * value.items.length;
  return objectCost;
}

function lacking(): Malformed {
  return new Malformed(l10n.t('An instruction lacks its operands.'));
}
