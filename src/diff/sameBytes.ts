import { type Operation, throwIfCancelled } from '../core/operation.ts';
import type { ModelSide } from './sides.ts';

const pieceBytes = 2 ** 20;

/** Whether two contents are one and the same, byte for byte. */
export async function haveSameBytes(a: ModelSide, b: ModelSide, operation: Operation): Promise<boolean> {
  const { size } = a.access;
  if (size !== b.access.size || (a.id !== undefined && b.id !== undefined)) return false;
  for (let at = 0; at < size; at += pieceBytes) {
    throwIfCancelled(operation);
    const length = Math.min(pieceBytes, size - at);
    const [pieceA, pieceB] = await Promise.all([a.access.read(at, length), b.access.read(at, length)]);
    if (Buffer.compare(pieceA, pieceB) !== 0) return false;
  }
  return true;
}
