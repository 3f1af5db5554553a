import { type Operation, throwIfCancelled } from '../core/operation.ts';
import type { ModelSide } from './sides.ts';

const pieceBytes = 2 ** 20;

/** Whether two contents are one and the same, byte for byte. */
export async function haveSameBytes(
  { access: a, id: idA }: ModelSide,
  { access: b, id: idB }: ModelSide,
  operation: Operation,
): Promise<boolean> {
  const isKnown = idA !== undefined && idB !== undefined;
  if (isKnown || !a || !b || a.size !== b.size) return false;
  const { size } = a;
  for (let at = 0; at < size; at += pieceBytes) {
    throwIfCancelled(operation);
    const length = Math.min(pieceBytes, size - at);
    const [pieceA, pieceB] = await Promise.all([a.read(at, length), b.read(at, length)]);
    if (Buffer.compare(pieceA, pieceB) !== 0) return false;
  }
  return true;
}
