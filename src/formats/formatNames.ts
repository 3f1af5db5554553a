import * as l10n from '@vscode/l10n';

/** Every format that is told apart, with the name that people know it by. */
const labels = {
  safetensors: 'safetensors',
  shardIndex: '',
  gguf: 'GGUF',
  ggml: 'GGML',
  onnx: 'ONNX',
  onnxData: '',
  ort: 'ONNX Runtime',
  pytorch: 'PyTorch',
  torchscript: 'TorchScript',
  torchExport: 'PyTorch export',
  torchMobile: 'PyTorch Mobile',
  executorch: 'ExecuTorch',
  pickle: 'Python pickle',
  joblib: 'joblib',
  skops: 'skops',
  numpy: 'NumPy array',
  npz: 'NumPy archive',
  hdf5: 'HDF5',
  keras: 'Keras',
  tflite: 'TensorFlow Lite',
  circle: 'Circle',
  tensorflow: 'TensorFlow',
  coreml: 'Core ML',
  xgboost: 'XGBoost',
  xgboostJson: 'XGBoost JSON',
  lightgbm: 'LightGBM',
  catboost: 'CatBoost',
  fasttext: 'fastText',
  pmml: 'PMML',
  openvino: 'OpenVINO',
  lfsPointer: 'Git LFS pointer',
  zip: 'ZIP',
  sevenZip: '7-Zip',
  tar: 'tar',
  savedModel: 'TensorFlow SavedModel',
  mlpackage: 'Core ML package',
  mlflow: 'MLflow model',
  diffusers: 'Diffusers pipeline',
  huggingFace: 'Hugging Face model',
  directory: '',
  compressed: '',
  text: '',
  unknown: '',
} as const;

export type FormatName = keyof typeof labels;

export function formatLabel(format: FormatName): string {
  if (format === 'compressed') return l10n.t('compressed file');
  if (format === 'directory') return l10n.t('folder');
  if (format === 'shardIndex') return l10n.t('index of weights in several files');
  if (format === 'onnxData') return l10n.t('weights of an ONNX model');
  if (format === 'text') return l10n.t('text');
  if (format === 'unknown') return l10n.t('unknown format');
  return labels[format];
}
