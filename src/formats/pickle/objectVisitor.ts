import { longContent } from './longContent.ts';
import { attributesOf, classOf, dictionaryOf, itemsOf } from './objects.ts';
import { join, namedPart, type Collector, type Scope } from './parts.ts';
import { isSetting } from './settings.ts';
import { showValue } from './show.ts';
import { torchTensor } from './torchTensor.ts';
import { isCall, sequence, type PyCall, type Value } from './values.ts';

type Attributes = ReadonlyMap<string, Value>;

const maxNesting = 16;

/** Visits objects: modules of PyTorch by their parts, estimators by what they were given and what they learned. */
export class ObjectVisitor {
  readonly #contents: Collector;

  constructor(contents: Collector) {
    this.#contents = contents;
  }

  /** @returns false when it is no object with attributes */
  visit(object: PyCall, path: string, scope: Scope): boolean {
    const attributes = attributesOf(object);
    const name = classOf(object) ?? 'object';
    if (!attributes) return this.#visitState(object, name, path, scope);
    // What comes out of a generator of random numbers next is no part of a model.
    if (name.startsWith('numpy.random.')) return true;
    const isModule = attributes.has('_parameters') && attributes.has('_modules');
    if (isModule || name.startsWith('__torch__.')) this.#visitModule(name, attributes, path, scope);
    else this.#visitEstimator(object, name, attributes, path, scope);
    return true;
  }

  /** Some put what they are made of in a tuple: quantised layers of PyTorch, for example, their weights. */
  #visitState(object: PyCall, name: string, path: string, scope: Scope): boolean {
    const state = sequence(object.state);
    if (!state || name.startsWith('numpy.')) return false;
    const contents = this.#contents;
    if (name === 'torch.ScriptObject') {
      contents.visit(state[0] ?? null, path, 'inner');
      return true;
    }
    const isModule = /^(?:__torch__|torch)\./.test(name);
    const told = isModule && scope !== 'inner';
    if (told) contents.note(join(path, 'class'), plainName(name));
    for (const [at, part] of state.entries())
      contents.visit(part, join(path, at), told ? 'settings' : 'inner');
    return isModule;
  }

  #visitModule(name: string, attributes: Attributes, path: string, scope: Scope): void {
    const contents = this.#contents;
    if (scope !== 'inner') contents.note(join(path, 'class'), plainName(name));
    for (const group of ['_parameters', '_buffers', '_modules']) {
      for (const [key, part] of dictionaryOf(attributes.get(group) ?? null) ?? []) {
        // A layer without bias says so by None.
        if (part !== null) this.#visitPart(part, join(path, String(key)), scope, group !== '_buffers');
      }
    }
    for (const [key, value] of attributes) {
      if (key === 'training') continue;
      const isPart = isCall(value) && !itemsOf(value);
      // What is a parameter of a module of Python is among those; TorchScript keeps all in one.
      const isTrained = !(attributes.has('_parameters') && torchTensor(value));
      if (!key.startsWith('_')) {
        const partScope = isPart || scope === 'inner' ? scope : 'settings';
        this.#visitPart(value, join(path, key), partScope, isTrained);
      } else if (isPart && !dictionaryOf(value)) this.#visitPart(value, join(path, key), 'inner', isTrained);
    }
  }

  #visitPart(value: Value, path: string, scope: Scope, isTrained: boolean): void {
    const visit = (): void => this.#contents.visit(value, path, scope);
    if (isTrained) visit();
    else this.#contents.untrained(visit);
  }

  #visitEstimator(object: PyCall, name: string, attributes: Attributes, path: string, scope: Scope): void {
    const contents = this.#contents;
    if (name === 'sklearn.tree._tree.Tree') contents.trees.add(object.args, attributes);
    if (scope === 'plain' || scope === 'settings') {
      contents.note(join(path, 'class'), name);
      this.#addSettings(object, path === '' ? '' : `${path}.`, 0);
    }
    const version = attributes.get('_sklearn_version');
    if (typeof version === 'string') contents.draft.producer ??= `scikit-learn ${version}`;
    const inner = scope === 'inner' ? 'inner' : 'fitted';
    for (const [key, value] of attributes) {
      if (isSetting(name, key)) this.#visitGiven(value, join(path, key), path, inner);
      else if (key !== '_sklearn_version') {
        contents.visit(value, join(path, key), key.endsWith('_') && !key.startsWith('_') ? inner : 'inner');
      }
    }
  }

  /** A setting is told elsewhere: here it is only looked through for parts that have learned something. */
  #visitGiven(value: Value, path: string, ownerPath: string, scope: Scope): void {
    if (typeof value !== 'object' || value === null) return;
    const items = itemsOf(value);
    const parts = (items ?? []).flatMap((item) => namedPart(item) ?? []);
    // The steps of a pipeline are named as scikit-learn names them: without the word.
    if (parts.length > 0)
      for (const part of parts) this.#contents.visit(part.value, join(ownerPath, part.name), scope);
    else if (!items || items.some((item) => typeof item === 'object'))
      this.#contents.visit(value, path, 'inner');
  }

  /** As `get_params` gives them. */
  #addSettings(object: PyCall, prefix: string, depth: number): void {
    if (depth > maxNesting) return;
    const name = classOf(object) ?? '';
    for (const [key, value] of attributesOf(object) ?? []) {
      // What is a part of the model is no setting of it.
      const isPart = typeof value === 'object' && longContent(value, key) !== undefined;
      if (!isSetting(name, key) || isPart) continue;
      this.#contents.setting(prefix + key, showValue(value));
      this.#addNested(value, `${prefix}${key}__`, depth);
      const items = itemsOf(value) ?? [];
      if (!items.some((item) => namedPart(item))) continue;
      for (const item of items) this.#addStep(item, prefix, depth);
    }
  }

  #addStep(item: Value, prefix: string, depth: number): void {
    const [step, value = null] = itemsOf(item) ?? [];
    if (typeof step !== 'string') return;
    this.#contents.setting(prefix + step, showValue(value));
    this.#addNested(value, `${prefix}${step}__`, depth);
  }

  #addNested(value: Value, prefix: string, depth: number): void {
    if (typeof value === 'object' && value?.kind === 'call' && hasSettings(value)) {
      this.#addSettings(value, prefix, depth + 1);
    }
  }
}

function hasSettings(object: PyCall): boolean {
  const attributes = attributesOf(object);
  if (!attributes) return false;
  return (
    attributes.has('_sklearn_version') ||
    (classOf(object) ?? '').startsWith('sklearn.gaussian_process.kernels.')
  );
}

/** Without the number that tells TorchScript's classes of one name apart. */
function plainName(name: string): string {
  return name.replace(/\.___torch_mangle_\d+/g, '');
}
