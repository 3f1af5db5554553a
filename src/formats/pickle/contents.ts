import * as l10n from '@vscode/l10n';
import type { ParamValue } from '../../core/facts.ts';
import { displayText } from '../displayText.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import { arrayTensor } from './arrayTensor.ts';
import { longContent, type BoosterFormat } from './longContent.ts';
import { arrayBytes, numpyArray, numpyScalar } from './ndarray.ts';
import { foundTensor, type FoundTensor } from './foundTensor.ts';
import { dictionaryOf, itemsOf } from './objects.ts';
import { ObjectVisitor } from './objectVisitor.ts';
import { join, namedPart, type Collector, type Scope } from './parts.ts';
import { isPlain, pythonText, showValue, type Work } from './show.ts';
import { sparseParts, torchTensor, type TensorLookup } from './torchTensor.ts';
import { TreeCollector } from './trees.ts';
import type { PyArray, Value } from './values.ts';

const maxVisits = 1_000_000;
const maxWork = 20_000_000;
const maxDepth = 64;
/** Entries of a checkpoint that are the settings of its training. */
const settingsNames = new Set([
  'hyper_parameters',
  'hparams',
  'hyperparameters',
  'config',
  'cfg',
  'args',
  'opt',
  'param_groups',
]);
/** What Lightning and others keep settings under says nothing more. */
const barePrefixes = new Set(['hyper_parameters', 'hparams', 'hyperparameters']);

/** Walks over what a pickle describes, and collects what a person wants to know of it. */
export class Contents implements Collector {
  readonly draft: SummaryDraft;
  readonly tensors: FoundTensor[] = [];
  readonly trees = new TreeCollector();
  /** By the names of the tensors that stand for their bytes. */
  readonly boosters = new Map<string, BoosterFormat>();
  readonly #lookup: TensorLookup | undefined;
  readonly #objects: ObjectVisitor;
  readonly #work: Work = { left: maxWork };
  /** What the walk is inside of. */
  readonly #path = new Set<Value>();
  #visits = 0;
  #isUntrained = false;

  constructor(draft: SummaryDraft, lookup?: TensorLookup) {
    this.draft = draft;
    this.#lookup = lookup;
    this.#objects = new ObjectVisitor(this);
  }

  visit(value: Value, path: string, scope: Scope): void {
    if (this.#visits++ >= maxVisits) {
      if (this.#visits === maxVisits + 1) {
        this.draft.notRead(l10n.t('The file holds more than is read of one: the rest is left out.'));
      }
      return;
    }
    if (typeof value !== 'object' || value === null) return this.leaf(value, path, scope);
    if (this.#path.size > maxDepth) return this.draft.notRead(l10n.t('The content is nested too deeply.'));
    // What holds itself has been shown.
    if (this.#path.has(value)) return;
    this.#path.add(value);
    this.#visitObject(value, path, scope);
    this.#path.delete(value);
  }

  untrained(visit: () => void): void {
    const before = this.#isUntrained;
    this.#isUntrained = true;
    visit();
    this.#isUntrained = before;
  }

  leaf(value: Value, path: string, scope: Scope): void {
    if (scope !== 'settings') this.#addLong(value, path);
    if (scope === 'inner') return;
    const key = path || 'value';
    if (scope === 'settings') this.setting(key, showValue(value));
    else this.note(key, String(typeof value === 'object' ? pythonText(value) : showValue(value)));
  }

  note(key: string, text: string): void {
    this.draft.metadata.set(key, text);
  }

  setting(key: string, value: ParamValue): void {
    this.draft.hyperparameters.set(key, value);
  }

  #visitObject(
    value: Exclude<Value, null | string | number | bigint | boolean>,
    path: string,
    scope: Scope,
  ): void {
    if (value.kind === 'text') return this.leaf(value, path, scope);
    if (this.#addLong(value, path)) return;
    const scalar = numpyScalar(value);
    if (scalar !== undefined) return this.leaf(scalar, path, scope);
    const array = numpyArray(value);
    if (array) return this.#visitArray(array, path, scope);
    if (this.#addTensor(value, path)) return;
    const entries = dictionaryOf(value);
    if (entries) return this.#visitEntries(entries, path, scope);
    const items = itemsOf(value);
    if (items) return this.#visitItems(value, items, path, scope);
    if (value.kind !== 'call' || !this.#objects.visit(value, path, scope))
      this.#visitOther(value, path, scope);
  }

  #addLong(value: Value, path: string): boolean {
    const content = longContent(value, path);
    if (!content) return false;
    const { tensor, booster } = content;
    this.tensors.push(tensor);
    if (booster) this.boosters.set(tensor.name, booster);
    return true;
  }

  #visitOther(value: Value, path: string, scope: Scope): void {
    if (scope !== 'inner') this.leaf(value, path, scope);
  }

  #visitArray(array: PyArray, path: string, scope: Scope): void {
    const { shape, objects, available } = array;
    if (objects && !objects.every((item) => typeof item !== 'object' || item === null)) {
      for (const [at, item] of objects.entries()) this.visit(item, join(path, at), inside(scope));
      return;
    }
    if (available !== undefined) {
      const shown = displayText(path || 'array');
      const needed = arrayBytes(array) ?? Infinity;
      this.draft.damaged(l10n.t('The array "{0}" needs {1} bytes, but has {2}.', shown, needed, available));
    }
    this.tensors.push(arrayTensor(path || 'array', array));
    if (objects && scope !== 'inner')
      this.note(path || 'value', pythonText({ kind: 'list', items: [...objects] }));
    if (scope === 'inner') return;
    if (objects && path.endsWith('feature_names_in_')) this.trees.names = objects.map(String);
    if (path.endsWith('classes_')) this.trees.classes ??= shape[0];
  }

  #addTensor(value: Value, path: string): boolean {
    const parts = sparseParts(value);
    if (parts) {
      for (const [name, part] of parts) {
        const add = (): unknown => this.#addTensor(part, join(path, name));
        if (name === 'values') add();
        else this.untrained(add);
      }
      return true;
    }
    const tensor = torchTensor(value, this.#lookup);
    if (!tensor) return false;
    const found = foundTensor(path || 'tensor', tensor);
    this.tensors.push(this.#isUntrained ? { ...found, notTrained: true } : found);
    return true;
  }

  #visitEntries(entries: readonly (readonly [Value, Value])[], path: string, scope: Scope): void {
    if (entries.length === 0) return scope === 'plain' && path !== '' ? this.note(path, '{}') : undefined;
    for (const [key, value] of entries) {
      const name = keyText(key);
      const settings = scope === 'plain' && settingsNames.has(name);
      const bare = settings && path === '' && barePrefixes.has(name) && dictionaryOf(value) !== undefined;
      this.visit(value, bare ? '' : join(path, name), settings ? 'settings' : scope);
    }
  }

  #visitItems(value: Value, items: readonly Value[], path: string, scope: Scope): void {
    if (isPlain(value, this.#work)) return scope === 'inner' ? undefined : this.leaf(value, path, scope);
    for (const [at, item] of items.entries()) {
      const named = namedPart(item);
      if (!named) this.visit(item, join(path, at), inside(scope));
      else {
        this.visit(named.value, join(path, named.name), scope);
        if (named.rest !== undefined) this.visit(named.rest, join(path, `${named.name}.columns`), scope);
      }
    }
  }
}

/** Of many objects that were learned together, only the tensors matter. */
function inside(scope: Scope): Scope {
  return scope === 'fitted' ? 'inner' : scope;
}

function keyText(key: Value): string {
  return typeof key === 'string' ? key : pythonText(key);
}
