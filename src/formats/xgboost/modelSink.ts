import { Malformed } from '../byteCursor.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import { Importance, settingOf, treeContent, walkTree, type TreeShape } from '../trees.ts';
import type { ValueSink } from './valueSink.ts';

/** A member that tells what is configured, by the end of its path. */
const settings =
  /^learner\/(?:gradient_booster\/(?:name|model\/gbtree_model_param\/num_parallel_tree)|learner_model_param\/\w+|objective\/(?:name|\w+_param\/\w+))$/;
const booster = 'learner/gradient_booster/model/';
const tree = `${booster}trees/*/`;
const attributes = 'learner/attributes/';
/** In files that hold the state of training as well. */
const configured = /^Config\/.*_param\/\w+$/;
const maxFeatures = 100_000;

/** The lists of a tree that say what it decides. `split_conditions` has the values of the leaves, too. */
const decidingLists = [
  'left_children',
  'right_children',
  'split_indices',
  'split_conditions',
  'default_left',
  'categories',
] as const;
const treeLists: ReadonlySet<string> = new Set([...decidingLists, 'loss_changes'].map((name) => tree + name));
const containers: ReadonlySet<string> = new Set([
  '',
  'learner',
  'learner/attributes',
  'learner/feature_names',
  'learner/gradient_booster',
  'learner/gradient_booster/model',
  'learner/gradient_booster/model/gbtree_model_param',
  'learner/gradient_booster/model/trees',
  'learner/gradient_booster/model/trees/*',
  'learner/gradient_booster/model/weights',
  'learner/learner_model_param',
  'learner/objective',
  'version',
]);

/** Collects what an XGBoost model says of itself; tree by tree, so that a large forest needs little memory. */
export class ModelSink implements ValueSink {
  readonly #draft: SummaryDraft;
  readonly #features: string[] = [];
  readonly #settings = new Map<string, string>();
  readonly #lists = new Map<string, readonly number[]>();
  readonly #trees: TreeShape[] = [];
  /** By the index of the feature: the names may come after the trees. */
  readonly #importance = new Importance();
  #sawModel = false;

  constructor(draft: SummaryDraft) {
    this.#draft = draft;
  }

  wants(path: string): boolean {
    if (path.startsWith('Config')) return !path.includes('*');
    const known = plain(path);
    return (
      containers.has(known) ||
      treeLists.has(known) ||
      settings.test(known) ||
      known === 'learner/feature_names/*' ||
      known.startsWith(attributes) ||
      known.startsWith('learner/objective/')
    );
  }

  text(path: string, text: string): void {
    const known = plain(path);
    const name = known.slice(known.lastIndexOf('/') + 1);
    this.#draft.count();
    if (known.startsWith(attributes)) this.#draft.metadata.set(known.slice(attributes.length), text);
    else if (known === 'learner/feature_names/*') this.#features.push(text);
    else if (known === 'learner/objective/name') this.#settings.set('objective', text);
    else if (known === 'learner/gradient_booster/name') this.#settings.set('booster', text);
    else if (settings.test(known) || configured.test(path)) this.#settings.set(name, text);
  }

  numbers(path: string, numbers: readonly number[]): void {
    const known = plain(path);
    if (treeLists.has(known)) this.#lists.set(known.slice(tree.length), numbers);
    else if (known === 'version') this.#draft.producer = `XGBoost ${numbers.slice(0, 3).join('.')}`;
    else if (known === `${booster}weights`) {
      // Of a linear model.
      this.#sawModel = true;
      const bytes = new Uint8Array(Float32Array.from(numbers).buffer);
      this.#draft.tensors.push({
        name: 'weights',
        dtype: 'F32',
        shape: [numbers.length],
        storage: { place: { kind: 'bytes', bytes } },
      });
      this.#draft.parameters = numbers.length;
    }
  }

  end(path: string): void {
    const known = plain(path);
    if (known === 'learner/gradient_booster/model') this.#sawModel = true;
    if (known !== tree.slice(0, -1)) return;
    const [left = [], right = [], feature = [], gain] = [
      'left_children',
      'right_children',
      'split_indices',
      'loss_changes',
    ].map((name) => this.#lists.get(name));
    const content = treeContent(decidingLists.map((name) => this.#lists.get(name) ?? []));
    this.#lists.clear();
    this.#draft.count();
    const shape = walkTree(
      0,
      left.length,
      (node) => {
        const [a, b] = [left[node], right[node]];
        if (a === undefined || b === undefined) throw new Malformed();
        return a === -1 ? undefined : [a, b];
      },
      (node) => this.#importance.add(String(feature[node]), gain?.[node]),
    );
    this.#trees.push({ ...shape, content });
  }

  /** @returns whether there was a model at all */
  finish(): boolean {
    const { hyperparameters } = this.#draft;
    for (const [name, text] of this.#settings) {
      // Since version 3.1 a list, of one number for most models.
      const single = /^\[([^,\]]*)\]$/.exec(text)?.[1];
      hyperparameters.set(name, settingOf(single ?? text));
    }
    const classes = Number(this.#settings.get('num_class') ?? 0);
    const count = Number(this.#settings.get('num_feature') ?? 0);
    const features =
      this.#features.length > 0 || !(count <= maxFeatures)
        ? this.#features
        : Array.from({ length: count }, (_, i) => `f${i}`);
    const importance = [...this.#importance.map].map(
      ([index, entry]) => [features[Number(index)] ?? `f${index}`, entry] as const,
    );
    if (this.#sawModel && this.#settings.get('booster') !== 'gblinear') {
      this.#draft.trees = {
        objective: this.#settings.get('objective'),
        features,
        classes: classes > 1 ? classes : undefined,
        trees: this.#trees,
        importance: new Map(importance),
      };
    }
    return this.#sawModel;
  }
}

/** As in a plain model file: a snapshot has it under `Model`, and a booster with dropout has one of trees within. */
function plain(path: string): string {
  const model = path.startsWith('Model') ? path.slice('Model/'.length) : path;
  return model.replace(/^learner\/gradient_booster\/gbtree(?=\/|$)/, 'learner/gradient_booster');
}
