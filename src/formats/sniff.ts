import { posix } from 'node:path';
import { kindOf, readFolder } from './directory/folderList.ts';
import type { FormatName } from './formatNames.ts';
import { protobufModel } from './protobufHead.ts';
import type { RandomAccess } from './randomAccess.ts';
import { isCheckpointIndex } from './tensorflow/checkpoint.ts';

const headBytes = 4096;
const maxIndex = 64 * 2 ** 20;
const maxSafetensorsHeader = 100_000_000n;

/** Tells the format of a file by its bytes, and by its name only where the format has no mark of its own. */
export async function sniff(access: RandomAccess, name: string): Promise<FormatName> {
  if (name.endsWith('/')) return kindOf(name, (await readFolder(access)) ?? []);
  const head = Buffer.from(await access.read(0, Math.min(headBytes, access.size)));
  const extension = posix.extname(name).toLowerCase();
  const magic = byMagic(head, extension);
  if (magic !== 'lfsPointer' && onnxData.test(name)) return 'onnxData';
  const format = magic ?? byExtension(head, extension);
  // The only mark of a checkpoint's index is at its end.
  const isIndex = format === 'unknown' && extension === '.index' && access.size <= maxIndex;
  return isIndex && (await isCheckpointIndex(access)) ? 'tensorflow' : format;
}

/** Bare elements, which may begin like anything. */
const onnxData = /\.onnx(?:\.data|_data(?:_\d+)?)$/i;

/** Marks at the very start, in Latin-1. */
const magics: readonly (readonly [string, FormatName])[] = [
  ['version https://git-lfs.github.com/spec/v1\n', 'lfsPointer'],
  ['version https://hawser.github.com/spec/v1\n', 'lfsPointer'],
  ['GGUF', 'gguf'],
  ['lmgg', 'ggml'],
  ['fmgg', 'ggml'],
  ['tjgg', 'ggml'],
  ['7z\xbc\xaf\x27\x1c', 'sevenZip'],
  ['\x93NUMPY', 'numpy'],
  ['CBM1', 'catboost'],
  ['{L\0\0', 'xgboost'],
  ['binf', 'xgboost'],
  ['bs64', 'xgboost'],
  ['\xba\x16\x4f\x2f', 'fasttext'],
  ['tree\n', 'lightgbm'],
  ['tree\r\n', 'lightgbm'],
];

/** Marks of FlatBuffers, at byte 4. */
const flatBufferMagics: Readonly<Record<string, FormatName>> = {
  TFL3: 'tflite',
  CIR0: 'circle',
  PTMF: 'torchMobile',
  ET12: 'executorch',
  ORTM: 'ort',
};

const compressionMagics = ['\x1f\x8b', 'BZh', '\xfd7zXZ', '\x04\x22\x4d\x18', '\x28\xb5\x2f\xfd', 'ZF0x'];

function byMagic(head: Buffer, extension: string): FormatName | undefined {
  const text = head.toString('latin1');
  const magic = magics.find(([mark]) => text.startsWith(mark));
  if (magic) return magic[1];
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return insideZip(text, extension);
  const flatBuffer = flatBufferMagics[text.slice(4, 8)];
  if (flatBuffer) return flatBuffer;
  // The signature may stand behind a user block of 512, 1024, 2048... bytes.
  if ([0, 512, 1024, 2048].some((at) => text.startsWith('\x89HDF\r\n\x1a\n', at))) return 'hdf5';
  if (looksLikeSafetensors(head)) return 'safetensors';
  if (text.startsWith('\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19', 2)) return 'pytorch';
  // A pickle of protocol 2 or later; the earlier ones have no mark.
  if (head[0] === 0x80 && head[1] !== undefined && head[1] >= 2 && head[1] <= 5) {
    return extension === '.joblib' || text.includes('joblib.numpy_pickle') ? 'joblib' : 'pickle';
  }
  const zlib = head.length > 1 && head[0] === 0x78 && head.readUInt16BE(0) % 31 === 0;
  if (zlib || compressionMagics.some((mark) => text.startsWith(mark))) {
    return joblibExtensions.has(extension) ? 'joblib' : 'compressed';
  }
  // The mark of LZMA is one that other files may have.
  if (text.startsWith('\x5d\0\0') && joblibExtensions.has(extension)) return 'joblib';
  if (text.startsWith('ustar', 257)) return torchTarMember.test(text) ? 'pytorch' : 'tar';
  return undefined;
}

/** The first versions of PyTorch wrote these members. */
const torchTarMember = /^(?:\.\/)?(?:sys_info|pickle|storages|tensors)\0/;

/** joblib compresses a whole pickle; only the name still tells. */
const joblibExtensions = new Set(['.joblib', '.pkl', '.pickle']);

function looksLikeSafetensors(head: Buffer): boolean {
  if (head.length < 9 || head.readBigUInt64LE(0) > maxSafetensorsHeader) return false;
  return /^[ \t\r\n]*\{/.test(head.toString('latin1', 8, 64));
}

/** By the names of the first entries: the list of all is at the end, which a stream has not shown yet. */
function insideZip(text: string, extension: string): FormatName {
  const entries = firstEntries(text);
  const holds = (pattern: RegExp): boolean => entries.some((entry) => pattern.test(entry));
  if (holds(/^[^/]+\/(?:data\/(?:weights|constants)\/|archive_format$)/)) return 'torchExport';
  // torch.save writes the pickle first, torch.jit.save the storages.
  if (holds(/^[^/]+\/constants\.pkl$/) || /^[^/]+\/data\/\d+$/.test(entries[0] ?? '')) return 'torchscript';
  if (holds(/^[^/]+\/data\.pkl$/)) return 'pytorch';
  // skops names arrays by the ids of Python's objects, and its schema comes last.
  if (holds(/^(?:schema\.json|\d{9,}\.npy)$/)) return 'skops';
  if (holds(/\.npy$/)) return 'npz';
  if (holds(/^(?:config\.json|model\.weights\.h5)$/)) return 'keras';
  return extensions[extension] ?? 'zip';
}

/** Each entry begins with a mark; its name has its length 26 bytes later and follows 30 bytes later. */
function firstEntries(text: string): string[] {
  const entries: string[] = [];
  for (let at = 0; at !== -1; at = text.indexOf('PK\x03\x04', at + 4)) {
    const length = text.charCodeAt(at + 26) + 256 * text.charCodeAt(at + 27);
    entries.push(text.slice(at + 30, at + 30 + length));
  }
  return entries;
}

const extensions: Readonly<Record<string, FormatName>> = {
  '.safetensors': 'safetensors',
  '.onnx': 'onnx',
  '.pt': 'pytorch',
  '.pth': 'pytorch',
  '.ckpt': 'pytorch',
  '.h5': 'hdf5',
  '.hdf5': 'hdf5',
  '.keras': 'keras',
  '.pkl': 'pickle',
  '.pickle': 'pickle',
  '.joblib': 'joblib',
  '.gguf': 'gguf',
  '.ggml': 'ggml',
  '.npz': 'npz',
  '.npy': 'numpy',
  '.tflite': 'tflite',
  '.mlmodel': 'coreml',
  '.ubj': 'xgboost',
  '.xgb': 'xgboost',
  '.lgb': 'lightgbm',
  '.cbm': 'catboost',
  '.pmml': 'pmml',
  '.skops': 'skops',
  '.pt2': 'torchExport',
  '.pte': 'executorch',
};

function byExtension(head: Buffer, extension: string): FormatName {
  const named = extensions[extension];
  if (head.length > 0 && isTextHead(head)) {
    const text = head.toString('utf8').trimStart();
    if (text.startsWith('<') && /<PMML\b/.test(text)) return 'pmml';
    if (extension === '.xml' && /<net\b[^>]*\bversion=/.test(text)) return 'openvino';
    if (/^\{\s*"learner"\s*:/.test(text)) return 'xgboostJson';
    if (extension === '.json' && /^\{[^]*"weight_map"\s*:\s*\{/.test(text)) return 'shardIndex';
    // Other text under a model's name is not that model: a page that says "not found", or a note. Old pickles are text.
    return named === 'pickle' || named === 'safetensors' ? named : 'text';
  }
  if (extension === '.pb') return protobufModel(head) ?? 'unknown';
  return named ?? 'unknown';
}

/** UTF-8 without control characters; a character cut by the end of the head is forgiven. */
function isTextHead(head: Buffer): boolean {
  for (const byte of head) if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.length === headBytes });
    return true;
  } catch {
    return false;
  }
}
