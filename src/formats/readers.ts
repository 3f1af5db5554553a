import type { FormatName } from './formatNames.ts';
import type { ClosableAccess, RandomAccess } from './randomAccess.ts';
import { readSafetensors } from './safetensors.ts';
import type { ModelSummary } from './summary.ts';

export interface ReadContext {
  /** The file's name; of a directory, with `/` at its end. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Opens a file beside the model by its plain name (a shard, external data); undefined where there is none to be had. */
  readonly sibling?: (name: string) => Promise<ClosableAccess | undefined>;
}

/**
 * Reads what a file of one format says of itself, by ranges, without running anything. Whatever is wrong with the content is a finding, never an
 * error; memory and time are bounded by limits that each reader names.
 * @throws TrailError when the bytes cannot be read; `cancelled`
 */
export type Reader = (access: RandomAccess, context: ReadContext) => Promise<ModelSummary>;

const directory = async (): Promise<Reader> => (await import('./directory/readDirectory.ts')).readDirectory;

/** Loaded when first needed: most people use one format or two. */
const readers: Partial<Record<FormatName, () => Promise<Reader>>> = {
  safetensors: async () => readSafetensors,
  shardIndex: async () => (await import('./shardIndex.ts')).readShardIndex,
  gguf: async () => (await import('./gguf/readGguf.ts')).readGguf,
  onnx: async () => (await import('./onnx/readOnnx.ts')).readOnnx,
  tflite: async () => (await import('./tflite/readTflite.ts')).readTflite,
  tensorflow: async () => (await import('./tensorflow/readTensorflow.ts')).readTensorflow,
  hdf5: async () => (await import('./hdf5/readHdf5.ts')).readHdf5,
  keras: async () => (await import('./keras/readKeras.ts')).readKeras,
  coreml: async () => (await import('./coreml.ts')).readCoreml,
  pmml: async () => (await import('./xml/pmml.ts')).readPmml,
  openvino: async () => (await import('./xml/openvino.ts')).readOpenvino,
  xgboost: async () => (await import('./xgboost/readXgboost.ts')).readXgboost,
  xgboostJson: async () => (await import('./xgboost/readXgboost.ts')).readXgboostJson,
  lightgbm: async () => (await import('./lightgbm.ts')).readLightgbm,
  catboost: async () => (await import('./catboost/readCatboost.ts')).readCatboost,
  pytorch: async () => (await import('./pytorch.ts')).readPytorch,
  torchscript: async () => (await import('./torchscript.ts')).readTorchscript,
  torchExport: async () => (await import('./torchExport.ts')).readTorchExport,
  pickle: async () => (await import('./pickleFile.ts')).readPickle,
  joblib: async () => (await import('./joblib.ts')).readJoblib,
  skops: async () => (await import('./skops.ts')).readSkops,
  numpy: async () => (await import('./numpyFile.ts')).readNumpy,
  savedModel: directory,
  mlpackage: directory,
  mlflow: directory,
  diffusers: directory,
  huggingFace: directory,
  directory,
  npz: async () => (await import('./numpyFile.ts')).readNpz,
};

export async function readerOf(format: FormatName): Promise<Reader | undefined> {
  return readers[format]?.();
}
