import type { Hdf5Contents } from '../hdf5/walk.ts';
import type { TensorInfo } from '../summary.ts';
import { isObject, listOf, stringOf, type JsonObject } from './json.ts';

/** Variables have numbers in the file; these are the names of Keras, in the order in which each kind of layer makes them. */
const variables: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    dense: ['kernel', 'bias'],
    einsum_dense: ['kernel', 'bias'],
    query_dense: ['kernel', 'bias'],
    key_dense: ['kernel', 'bias'],
    value_dense: ['kernel', 'bias'],
    output_dense: ['kernel', 'bias'],
    conv1d: ['kernel', 'bias'],
    conv2d: ['kernel', 'bias'],
    conv3d: ['kernel', 'bias'],
    conv1d_transpose: ['kernel', 'bias'],
    conv2d_transpose: ['kernel', 'bias'],
    conv3d_transpose: ['kernel', 'bias'],
    depthwise_conv1d: ['kernel', 'bias'],
    depthwise_conv2d: ['kernel', 'bias'],
    separable_conv1d: ['depthwise_kernel', 'pointwise_kernel', 'bias'],
    separable_conv2d: ['depthwise_kernel', 'pointwise_kernel', 'bias'],
    embedding: ['embeddings'],
    lstm_cell: ['kernel', 'recurrent_kernel', 'bias'],
    gru_cell: ['kernel', 'recurrent_kernel', 'bias'],
    simple_rnn_cell: ['kernel', 'recurrent_kernel', 'bias'],
    seed_generator: ['seed_generator_state'],
  }),
);
/** Which of their variables these have depends on how they are set up: named when all are there. */
const wholeVariables: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    batch_normalization: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
    layer_normalization: ['gamma', 'beta'],
    group_normalization: ['gamma', 'beta'],
  }),
);
const maxDepth = 16;
/** What belongs to training, not to the model. */
const training = /(?:^|\/)(?:optimizer|metrics|seed_generator)(?:_\d+)?\//;

interface Layer {
  readonly name: string;
  /** `batch_normalization` of BatchNormalization, as groups are called. */
  readonly kind: string;
}

/** Whether arrays are kept by numbers in groups called `vars`, as Keras does since version 3. */
export function hasVariables({ tensors }: Hdf5Contents): boolean {
  return tensors.length > 0 && tensors.every(({ name }) => /(?:^|\/)vars\/\d+$/.test(name));
}

/**
 * Gives the variables the names that Keras shows: of the layers, not of their kinds, and `kernel` rather than 0.
 * @param config of the model, where it is known
 */
export function nameVariables(contents: Hdf5Contents, config?: JsonObject): TensorInfo[] {
  const layers = config ? layersByGroup(config) : new Map<string, Layer>();
  const counts = new Map<string, number>();
  for (const { name } of contents.tensors) {
    const group = name.slice(0, name.lastIndexOf('/'));
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return contents.tensors.map((tensor) => {
    const path = tensor.name.split('/');
    const names: string[] = [];
    let kind = '';
    for (let depth = 1; depth <= path.length - 2; depth++) {
      const segment = path[depth - 1] ?? '';
      const group = path.slice(0, depth).join('/');
      const layer = layers.get(group);
      if (segment === 'layers' && layer === undefined) continue;
      const own = segment.replace(/_\d+$/, '');
      kind = layer?.kind ?? (own === 'cell' ? `${kind}_cell` : own);
      const noted = contents.groups.get(`${group}/vars`)?.get('name');
      const isLayer = segment !== 'optimizer' && typeof noted === 'string';
      names.push(isLayer ? noted : (layer?.name ?? (own === 'cell' ? kind : segment)));
    }
    const number = Number(path.at(-1));
    const count = counts.get(path.slice(0, -1).join('/')) ?? 0;
    names.push(variableName(kind, number, count) ?? String(number));
    return { ...tensor, name: names.join('/') };
  });
}

function variableName(kind: string, number: number, count: number): string | undefined {
  const names = variables.get(kind);
  if (names) return count <= names.length ? names[number] : undefined;
  const all = wholeVariables.get(kind);
  return all?.length === count ? all[number] : undefined;
}

/** Layers of a kind are told apart by numbers in the order of the configuration: `dense`, `dense_1`... */
function layersByGroup(model: JsonObject): Map<string, Layer> {
  const layers = new Map<string, Layer>();
  const visit = ({ config }: JsonObject, prefix: string, depth: number): void => {
    if (!isObject(config) || depth > maxDepth) return;
    const used = new Map<string, number>();
    for (const layer of listOf(config['layers'])) {
      if (!isObject(layer)) continue;
      const kind = snakeCase(stringOf(layer['class_name']) ?? '');
      const number = used.get(kind) ?? 0;
      used.set(kind, number + 1);
      const group = `${prefix}layers/${number === 0 ? kind : `${kind}_${number}`}`;
      const inner = isObject(layer['config']) ? stringOf(layer['config']['name']) : undefined;
      layers.set(group, { name: stringOf(layer['name']) ?? inner ?? kind, kind });
      visit(layer, `${group}/`, depth + 1);
    }
  };
  visit(model, '', 0);
  return layers;
}

/** As Keras does it. */
function snakeCase(name: string): string {
  return name
    .replaceAll(/\W+/g, '')
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Tells those that make up the model from the state of its training. */
export function toldApart(tensors: readonly TensorInfo[]): TensorInfo[] {
  return tensors.map((tensor) => (training.test(tensor.name) ? { ...tensor, notTrained: true } : tensor));
}

export function modelVariables(tensors: readonly TensorInfo[]): TensorInfo[] {
  return tensors.filter(
    ({ notTrained, sharesStorageWith }) => !notTrained && sharesStorageWith === undefined,
  );
}
