import { float32Text } from './numberText.ts';

/** Of the types that numbers of JavaScript hold, by the names of safetensors. */
const decoders: Readonly<
  Record<string, readonly [bytes: number, text: (view: DataView, at: number) => string]>
> = {
  F32: [4, (view, at) => float32Text(view.getFloat32(at, true))],
  F64: [8, (view, at) => String(view.getFloat64(at, true))],
  I64: [8, (view, at) => String(view.getBigInt64(at, true))],
  U64: [8, (view, at) => String(view.getBigUint64(at, true))],
  I32: [4, (view, at) => String(view.getInt32(at, true))],
  U32: [4, (view, at) => String(view.getUint32(at, true))],
  I16: [2, (view, at) => String(view.getInt16(at, true))],
  U16: [2, (view, at) => String(view.getUint16(at, true))],
  I8: [1, (view, at) => String(view.getInt8(at))],
  U8: [1, (view, at) => String(view.getUint8(at))],
  BOOL: [1, (view, at) => String(view.getUint8(at) !== 0)],
};

/** Elements in little-endian, as text; undefined for types that take decoding of their own. */
export function elementTexts(type: string, bytes: Uint8Array): string[] | undefined {
  const decoder = decoders[type];
  if (!decoder) return undefined;
  const [length, text] = decoder;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / length) }, (_, i) => text(view, i * length));
}
