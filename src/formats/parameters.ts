import type { TensorInfo } from './summary.ts';

/** Tensors that scale or order the weights of a quantised layer, as GPTQ, AWQ, bitsandbytes, MXFP4 and FP8 checkpoints name them. */
const sideTensor =
  /(?:^|[._])(?:weight_scale(?:_inv|_2)?|input_scale|scales|qzeros|g_idx|absmax|nested_absmax|quant_map|nested_quant_map|quant_state\.\w+)$/;
/** Several weights to an element. */
const packedTensor = /(?:\.qweight|_blocks|_packed)$/;

/** The number of parameters, unless weights are packed, so that only the framework could tell. */
export function countParameters(tensors: readonly TensorInfo[]): number | undefined {
  let count = 0;
  for (const { name, dtype, shape } of tensors) {
    if (packedTensor.test(name) || name.endsWith('.absmax')) return undefined;
    if (sideTensor.test(name) || dtype === 'F8_E8M0') continue;
    count += shape.reduce((product, dimension) => product * dimension, 1);
  }
  return Number.isSafeInteger(count) ? count : undefined;
}
