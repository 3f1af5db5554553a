import type { ParamValue } from '../../core/facts.ts';
import { longLength } from './longContent.ts';
import { numpyArray, numpyScalar } from './ndarray.ts';
import { attributesOf, classOf, dictionaryOf, itemsOf } from './objects.ts';
import { isCall, sequence, type PyCall, type Value } from './values.ts';

/** In characters. Longer lists differ in their length or their beginning, or not at all. */
const maxShown = 20_000;
const maxDepth = 8;
const maxAttributes = 10;

/** A value as a setting: as it is where that is possible, else as the text that Python would print. */
export function showValue(value: Value): ParamValue {
  const scalar = numpyScalar(value);
  if (scalar !== undefined) return showValue(scalar);
  if (typeof value === 'number' && !Number.isFinite(value)) return pythonNumber(value);
  if (
    value === null ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    typeof value === 'string'
  ) {
    return value;
  }
  return pythonText(value);
}

/** A value as Python would print it, roughly and at limited length. */
export function pythonText(value: Value): string {
  const printer = new Printer();
  printer.print(value, 0);
  return printer.text;
}

class Printer {
  text = '';

  print(value: Value, depth: number): void {
    if (this.text.length > maxShown || depth > maxDepth) return this.#add('…');
    if (value === null) return this.#add('None');
    if (typeof value === 'boolean') return this.#add(value ? 'True' : 'False');
    if (typeof value === 'number') return this.#add(pythonNumber(value));
    if (typeof value === 'bigint') return this.#add(String(value));
    if (typeof value === 'string') return this.#add(quoted(value.slice(0, maxShown)));
    const scalar = numpyScalar(value);
    if (scalar !== undefined) return this.print(scalar, depth + 1);
    const array = numpyArray(value);
    if (array) {
      if (array.objects) return this.#list('array([', array.objects, '])', depth);
      return this.#add(`array(${array.dtype} [${array.shape.join(', ')}])`);
    }
    const entries = dictionaryOf(value);
    if (entries) return this.#dictionary(entries, depth);
    const items = itemsOf(value);
    if (items) return this.#items(value, items, depth);
    switch (value.kind) {
      case 'global':
        return this.#add(value.module === 'builtins' ? value.name : `${value.module}.${value.name}`);
      case 'bytes':
        return this.#add(`bytes(${value.length})`);
      case 'text':
        return this.#add(`${quoted(value.head)}… (${value.length} bytes)`);
      case 'call':
        return this.#object(value, depth);
      default:
        return this.#add(value.kind);
    }
  }

  #add(text: string): void {
    this.text += text;
  }

  #items(value: Value, items: readonly Value[], depth: number): void {
    const kind = typeof value === 'object' ? value?.kind : undefined;
    if (kind === 'tuple') this.#list('(', items, items.length === 1 ? ',)' : ')', depth);
    else if (kind === 'set') this.#list('{', items, '}', depth);
    else this.#list('[', items, ']', depth);
  }

  #list(open: string, items: readonly Value[], close: string, depth: number): void {
    this.#add(open);
    for (const [at, item] of items.entries()) {
      if (at > 0) this.#add(', ');
      if (this.text.length > maxShown) {
        this.#add(`… ${items.length}`);
        break;
      }
      this.print(item, depth + 1);
    }
    this.#add(close);
  }

  #dictionary(entries: readonly (readonly [Value, Value])[], depth: number): void {
    this.#add('{');
    for (const [at, [key, item]] of entries.entries()) {
      if (at > 0) this.#add(', ');
      if (this.text.length > maxShown) {
        this.#add(`… ${entries.length}`);
        break;
      }
      this.print(key, depth + 1);
      this.#add(': ');
      this.print(item, depth + 1);
    }
    this.#add('}');
  }

  /** With its arguments, or its few simple attributes; of an estimator only the class, because its settings have entries of their own. */
  #object(call: PyCall, depth: number): void {
    const name = classOf(call) ?? 'object';
    this.#add(name.slice(name.lastIndexOf('.') + 1));
    const attributes = attributesOf(call);
    if (!attributes) return this.#list('(', sequence(call.args) ?? [], ')', depth);
    const plain = [...attributes]
      .filter(([key]) => !key.startsWith('_'))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (attributes.has('_sklearn_version') || plain.length > maxAttributes) return this.#add('()');
    this.#add('(');
    for (const [at, [key, item]] of plain.entries()) {
      this.#add(`${at > 0 ? ', ' : ''}${key}=`);
      this.print(item, depth + 1);
    }
    this.#add(')');
  }
}

function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity) return 'inf';
  return value === -Infinity ? '-inf' : String(value);
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}

/** What may still be looked at, so that what is shared a million times does not cost a million times. */
export interface Work {
  left: number;
}

/** Whether a value is worth a line of its own: it holds nothing but text and numbers, in few levels. */
export function isPlain(value: Value, work: Work, depth = 0): boolean {
  if (--work.left < 0 || depth > 4) return false;
  if (typeof value === 'string') return value.length < longLength;
  if (typeof value !== 'object' || value === null || value.kind === 'global') return true;
  if (numpyScalar(value) !== undefined) return true;
  const items = itemsOf(value);
  if (items) return items.every((item) => isPlain(item, work, depth + 1));
  if (!isCall(value) || attributesOf(value) || dictionaryOf(value) || numpyArray(value)) return false;
  return (sequence(value.args) ?? []).every((item) => isPlain(item, work, depth + 1));
}
