import { open } from 'node:fs/promises';

const headBytes = 4096;

/** Whether the first bytes of a file are those of a model; false when it cannot be read. */
export async function looksLikeModel(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return isModelHead(buffer.subarray(0, bytesRead), size, path.toLowerCase().endsWith('.pb'));
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

/** Bytes at a place near the beginning that a format always has. */
const magics: readonly (readonly [offset: number, bytes: string])[] = [
  [0, 'version https://git-lfs.github.com/spec/v1\n'], // stands for a file that is elsewhere
  [0, 'PK\x03\x04'], // zip: torch, Keras, npz, skops
  [0, '\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19'], // old torch, without the frame of its first pickle
  [0, 'GGUF'],
  [0, 'lmgg'], // GGML and its first two successors, written as little-endian numbers
  [0, 'fmgg'],
  [0, 'tjgg'],
  [0, '\x93NUMPY'],
  [0, '\x89HDF\r\n\x1a\n'],
  [4, 'TFL3'],
  [4, 'CIR0'],
  [4, 'PTMF'],
  [4, 'ET12'],
  [4, 'ORTM'],
  [0, 'CBM1'],
  [0, '{L\0\0'], // XGBoost
  [0, 'binf'],
  [0, 'bs64'],
  [0, 'tree\n'], // LightGBM
  [0, '\xba\x16\x4f\x2f'], // fastText
];

function isModelHead(head: Buffer, size: number, protobuf: boolean): boolean {
  const text = head.toString('latin1');
  return (
    magics.some(([offset, bytes]) => text.startsWith(bytes, offset)) ||
    isPickle(head) ||
    isSafetensors(head, size) ||
    (protobuf && isProtobufModel(head))
  );
}

/** Protocols 0 and 1 begin with any letter and cannot be told from text. */
function isPickle(head: Buffer): boolean {
  return head[0] === 0x80 && head[1] !== undefined && head[1] >= 2 && head[1] <= 5;
}

/** The length of a JSON header, then the header. */
function isSafetensors(head: Buffer, size: number): boolean {
  if (head.length < 10 || head.readUInt32LE(4) !== 0) return false;
  const header = head.readUInt32LE(0);
  return (
    header >= 2 &&
    header <= 100_000_000 &&
    header <= size - 8 &&
    /^\s*\{\s*["}]/.test(head.toString('latin1', 8))
  );
}

/**
 * A SavedModel or an ONNX model (a small number in field 1, then field 2), or a GraphDef (a node in field 1, which begins with
 * its name and its operator). Test inputs, fingerprints and other messages are not.
 */
function isProtobufModel(head: Buffer): boolean {
  if (head[0] === 0x08) return head[1] !== undefined && head[1] >= 1 && head[1] < 0x80 && head[2] === 0x12;
  if (head[0] !== 0x0a) return false;
  let at = 1;
  // The length of the node: at most 5 bytes, of which the last is below 0x80.
  while (at < 6 && (head[at] ?? 0) >= 0x80) at++;
  at++;
  if (head[at] !== 0x0a) return false;
  const nameLength = head[at + 1] ?? 0;
  const operator = at + 2 + nameLength;
  if (nameLength === 0 || nameLength >= 0x80 || head[operator] !== 0x12) return false;
  const operatorLength = head[operator + 1] ?? 0;
  return /^[A-Za-z0-9_>.]+$/.test(head.toString('latin1', operator + 2, operator + 2 + operatorLength));
}
