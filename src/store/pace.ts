import { setImmediate } from 'node:timers/promises';
import { type Operation, throwIfCancelled } from '../core/operation.ts';

const sliceMs = 8;

/**
 * For work that takes long: called between its steps, it lets others have their turn now and then, and stops when it should.
 * @throws (what it returns) TrailError `cancelled`
 */
export function pacer(operation: Pick<Operation, 'signal'>): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since > sliceMs) {
      await setImmediate();
      since = performance.now();
    }
    throwIfCancelled(operation);
  };
}
