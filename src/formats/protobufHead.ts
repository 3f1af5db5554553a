import type { FormatName } from './formatNames.ts';

/**
 * Which model a protocol buffer is, by its first bytes, as none has a mark: a SavedModel or an ONNX model has a small number in field 1 (ONNX's
 * is 3 or later), then field 2; a GraphDef a node in field 1, which begins with its name and its operator. Test inputs, fingerprints and other
 * messages are none of these.
 */
export function protobufModel(head: Buffer): FormatName | undefined {
  if (head[0] === 0x08) {
    const version = head[1] ?? 0;
    if (version < 1 || version >= 0x80 || head[2] !== 0x12) return undefined;
    return version >= 3 ? 'onnx' : 'tensorflow';
  }
  return isGraph(head) ? 'tensorflow' : undefined;
}

function isGraph(head: Buffer): boolean {
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
