const endings =
  'safetensors onnx pt pth ckpt bin h5 hdf5 keras pkl pickle joblib gguf ggml npz npy tflite pb mlmodel ubj xgb lgb cbm pmml skops pt2 pte onnx.data onnx_data';

/** Files that make a model of the folder that they are in. */
const markers = ['MLmodel', 'model_index.json', '*.mlpackage/Manifest.json'];

/** Globs, relative to the trail root, of the files that are models, or make a model of their folder. */
export const defaultInclude: readonly string[] = [
  ...endings.split(' ').map((ending) => `*.${ending}`),
  ...markers,
].map((name) => `**/${name}`);

/** Endings that many other files have too: only the bytes tell whether such a file is a model. */
export const ambiguousEndings: readonly string[] = ['.bin', '.pb'];

/** Globs of folders that hold other people's files, or copies. */
export const defaultExclude: readonly string[] = [
  '.git',
  '.hg',
  '.svn',
  '.modeltrail',
  '.dvc/cache',
  '.dvc/tmp',
  'mlruns/.trash',
  'wandb',
  'node_modules',
  'site-packages',
  '.venv',
  'venv',
  '.tox',
  '.nox',
  '__pycache__',
  '.cache',
  '.ipynb_checkpoints',
].map((folder) => `**/${folder}/**`);
