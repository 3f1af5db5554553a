import { countParameters } from '../parameters.ts';
import type { Hdf5Contents } from '../hdf5/walk.ts';
import type { TensorInfo } from '../summary.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import { parseConfig, readSettings } from './config.ts';
import { findDangers } from './dangers.ts';
import { isObject, type JsonObject } from './json.ts';
import { readLayers } from './layers.ts';
import { hasVariables, modelVariables, nameVariables, toldApart } from './variables.ts';

const weights = 'model_weights/';
const optimizer = 'optimizer_weights/';

/** Reads what Keras keeps in an HDF5 file: a whole model, as it did until version 3, or weights. @returns whether it is such a file */
export function readLegacyKeras(draft: SummaryDraft, contents: Hdf5Contents): boolean {
  const root = contents.groups.get('') ?? new Map<string, string>();
  const isModel = root.has('model_config') || root.has('layer_names');
  if (!isModel && !hasVariables(contents)) return false;
  const text = (name: string): string | undefined => {
    const value = root.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const version = text('keras_version');
  if (version !== undefined) draft.producer = `Keras ${version}`;
  for (const name of ['backend', 'model_version']) {
    const value = text(name);
    if (value !== undefined) draft.metadata.set(name, value);
  }
  const tensors = toldApart(isModel ? contents.tensors.map(named) : nameVariables(contents));
  draft.addTensors(tensors);
  draft.parameters = countParameters(modelVariables(tensors));
  const config = parsed(draft, text('model_config'));
  if (config) {
    draft.graph = readLayers(draft, config);
    findDangers(draft, config, 0);
  }
  readSettings(draft, parsed(draft, text('training_config')));
  return true;
}

function parsed(draft: SummaryDraft, text: string | undefined): JsonObject | undefined {
  const value = text === undefined ? undefined : parseConfig(draft, Buffer.from(text), 0);
  return isObject(value) ? value : undefined;
}

/**
 * Weights lie under the layer that they belong to by the name that they have: as the path of the layer, as Keras shows it since version 3,
 * so that a model has the same names in whatever file it is kept.
 */
function named(tensor: TensorInfo): TensorInfo {
  const path = tensor.name.replace(/:0$/, '');
  if (path.startsWith(optimizer)) return { ...tensor, name: `optimizer/${path.slice(optimizer.length)}` };
  const [layer = '', ...rest] = (path.startsWith(weights) ? path.slice(weights.length) : path).split('/');
  const inner = rest.join('/');
  return { ...tensor, name: rest[0] === layer || layer === '' ? inner : [layer, ...rest].join('/') };
}
