import * as l10n from '@vscode/l10n';
import type { PickleRecord } from './pickle/record.ts';
import type { PyArray, PyBytes, PyGlobal, Value } from './pickle/values.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };
/** What a member of the archive holds. */
export type Member = PyArray | PyBytes;

const maxDepth = 256;
const lists: ReadonlyMap<string, 'list' | 'tuple' | 'set'> = new Map([
  ['ListNode', 'list'],
  ['TupleNode', 'tuple'],
  ['SetNode', 'set'],
]);
/** A class or function itself, not an object of it. */
const names: ReadonlySet<string> = new Set(['TypeNode', 'FunctionNode', 'OperatorFuncNode']);

/** Turns the nodes of a skops file into the records that pickles are read as, so that both are shown alike. */
export class SkopsTree {
  readonly #members: ReadonlyMap<string, Member>;
  readonly #record: PickleRecord;
  /** By the ids that other nodes refer to. */
  readonly #known = new Map<Json, Value>();

  constructor(members: ReadonlyMap<string, Member>, record: PickleRecord) {
    this.#members = members;
    this.#record = record;
  }

  value(node: Json, depth = 0): Value {
    if (!isObject(node)) return null;
    if (depth > maxDepth) {
      this.#record.draft.notRead(l10n.t('The content is nested too deeply.'));
      return null;
    }
    const { __loader__: loader, __id__: id } = node;
    if (loader === 'CachedNode') return this.#known.get(id ?? null) ?? null;
    const value = this.#convert(String(loader), node, depth + 1);
    if (id !== undefined && !this.#known.has(id)) this.#known.set(id, value);
    return value;
  }

  #convert(loader: string, node: JsonObject, depth: number): Value {
    const { content = null, file = null } = node;
    if (loader === 'JsonNode') return plainValue(content);
    const global: PyGlobal = {
      kind: 'global',
      module: String(node.__module__),
      name: String(node.__class__),
    };
    // Python's own collections are no news.
    if (global.module !== 'builtins' || names.has(loader)) this.#record.import(global);
    const list = lists.get(loader);
    if (list) return { kind: list, items: this.#values(content, depth) };
    if (names.has(loader)) return global;
    if (loader === 'DictNode') return this.#dictionary(content, depth);
    if (loader === 'MaskedArrayNode') return this.value(partOf(content, 'data'), depth);
    if (loader === 'NdArrayNode' && Array.isArray(content)) return this.#objectArray(node, content, depth);
    if (typeof file === 'string' && this.#members.has(file)) return this.#members.get(file) ?? null;
    const main = partOf(content, 'main');
    if (main !== null) return this.value(main, depth);
    // Objects of all other kinds: what their nodes hold is taken for their state.
    const isNode = isObject(content) && content.__loader__ !== undefined;
    const state = isNode ? this.value(content, depth) : this.#dictionary(content, depth);
    const made = this.value(partOf(node.__reduce__ ?? null, 'args'), depth);
    return { kind: 'call', callable: global, args: made ?? { kind: 'tuple', items: [] }, state };
  }

  #values(content: Json, depth: number): Value[] {
    return Array.isArray(content) ? content.map((item: Json) => this.value(item, depth)) : [];
  }

  #dictionary(content: Json, depth: number): Value {
    const entries = isObject(content) ? Object.entries(content) : [];
    return { kind: 'dict', entries: entries.flatMap(([key, item]) => [key, this.value(item, depth)]) };
  }

  #objectArray(node: JsonObject, content: readonly Json[], depth: number): Value {
    const shapeValue = this.value(node.shape ?? null, depth);
    const lengths = typeof shapeValue === 'object' && shapeValue?.kind === 'tuple' ? shapeValue.items : [];
    const shape = lengths.map((length) => (typeof length === 'number' ? length : Number.NaN));
    const objects = this.#values(content, depth);
    return { kind: 'array', dtype: '|O', shape, elementBytes: 0, rowMajor: true, objects };
  }
}

function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function partOf(json: Json, name: string): Json {
  return isObject(json) && Object.hasOwn(json, name) ? (json[name] ?? null) : null;
}

/** A node that is JSON in a string of its own. */
function plainValue(content: Json): Value {
  if (typeof content !== 'string') return null;
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null ? content : (value as Value);
  } catch {
    // NaN and Infinity, as Python writes them.
    const numbers: ReadonlyMap<string, number> = new Map([
      ['NaN', Number.NaN],
      ['Infinity', Infinity],
      ['-Infinity', -Infinity],
    ]);
    return numbers.get(content) ?? content;
  }
}
