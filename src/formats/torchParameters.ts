import { countParameters } from './parameters.ts';
import type { TensorInfo } from './summary.ts';

/** What training keeps beside the weights: two numbers and more for each. */
const optimizerState = /^(?:optim|optimizers?|optimizer_states?|lr_schedulers?)[._]/;

/** The number of parameters of a checkpoint: tied weights count once, the state of the optimizer does not count. */
export function countTorchParameters(tensors: readonly TensorInfo[]): number | undefined {
  const seen = new Set<number>();
  const own = tensors.filter(({ name, dtype, byteOffset, sharesStorageWith }) => {
    if (optimizerState.test(name) || dtype === 'BYTES' || dtype === 'TEXT') return false;
    // Another part of the same storage is a weight of its own.
    const isCopy = sharesStorageWith !== undefined && (byteOffset === undefined || seen.has(byteOffset));
    if (byteOffset !== undefined) seen.add(byteOffset);
    return !isCopy;
  });
  return countParameters(own);
}
