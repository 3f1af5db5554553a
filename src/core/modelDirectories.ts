/** Whose layout a folder that is one model has. */
export type DirectoryKind = 'savedModel' | 'mlpackage' | 'mlflow' | 'diffusers' | 'huggingFace';

/** The file that makes a folder a model. What is around another model says more than that one, so it comes first. */
export const markers = {
  mlflow: 'MLmodel',
  savedModel: 'saved_model.pb',
  diffusers: 'model_index.json',
  mlpackage: 'Manifest.json',
} as const;

const configurations = ['config.json', 'adapter_config.json'];
/** As transformers, PEFT and diffusers name weights: with a variant, in shards, and the index of the shards. */
const weights =
  /^(?:(?:model|adapter_model|diffusion_pytorch_model)(?:\.\w+)?(?:-\d{5}-of-\d{5})?\.safetensors|(?:pytorch_model|adapter_model|diffusion_pytorch_model)(?:\.\w+)?(?:-\d{5}-of-\d{5})?\.bin|tf_model\.h5|flax_model\.msgpack)$/;

export interface ModelDirectory {
  readonly kind: DirectoryKind;
  /** The names of the files that make it one. */
  readonly markers: readonly string[];
}

/** Whether a folder is one model, by its name and those of the entries directly in it. */
export function modelDirectory(name: string, entries: ReadonlySet<string>): ModelDirectory | undefined {
  for (const kind of ['mlflow', 'savedModel', 'diffusers', 'mlpackage'] as const) {
    const marker = markers[kind];
    if (entries.has(marker) && (kind !== 'mlpackage' || isPackage(name))) return { kind, markers: [marker] };
  }
  if (!configurations.some((configuration) => entries.has(configuration))) return undefined;
  const found = [...entries].filter((entry) => weights.test(entry));
  return found.length > 0 ? { kind: 'huggingFace', markers: found } : undefined;
}

/** Whether the folder that a file is in may be a model because of it. */
export function mayMakeModel(folder: string, file: string): boolean {
  if (file === markers.mlpackage) return isPackage(folder);
  return isOnlyMarker(file) || file === markers.savedModel || weights.test(file);
}

/** Whether a file has a name that Hugging Face's libraries give to weights. */
export function isNamedAsWeights(file: string): boolean {
  return weights.test(file);
}

/** Whether a file can make a model of its folder and is none by itself. */
export function isOnlyMarker(file: string): boolean {
  return file === markers.mlflow || file === markers.mlpackage || file === markers.diffusers;
}

/** Whether an entry somewhere in a model's folder, by its name, belongs to the model. */
export function isPartOfModel(name: string): boolean {
  return !name.startsWith('.') && name !== '__pycache__' && !isCheckpoint(name);
}

/** A folder that a Hugging Face trainer writes into that of the model: a model of its own. */
export function isCheckpoint(name: string): boolean {
  return /^checkpoint-\d+$/.test(name);
}

function isPackage(name: string): boolean {
  return name.toLowerCase().endsWith('.mlpackage');
}
