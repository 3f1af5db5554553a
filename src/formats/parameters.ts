import type { TensorInfo } from './summary.ts';

/** Tensors that scale or order the weights of a quantised layer, as GPTQ, AWQ, bitsandbytes, MXFP4 and FP8 checkpoints name them. */
const sideTensor =
  /(?:^|[._])(?:weight_scale(?:_inv|_2)?|input_scale|scales|qzeros|g_idx|absmax|nested_absmax|quant_map|nested_quant_map|quant_state\.\w+)$/;
/** Several weights to an element: of whole numbers in rows, as a tensor of floats and a mere counter may have such a name as well. */
const packedTensor = /(?:\.qweight|_blocks|_packed)$/;
/** Of PyTorch, two to an element; its quantised types of less than a byte have the shape of the weights. */
const packedType = 'float4_e2m1fn_x2';
const wholeNumber = /^[IU](?:8|16|32|64)$/;
const eightBits = /^(?:[IU]8|F8_\w+|q?u?int8)$/i;

/** The number of parameters, unless weights are packed, so that only the framework could tell. */
export function countParameters(tensors: readonly TensorInfo[]): number | undefined {
  const types = new Map(tensors.map(({ name, dtype }) => [name, dtype]));
  let count = 0;
  for (const { name, dtype, shape } of tensors) {
    if (dtype === packedType) return undefined;
    if (packedTensor.test(name) && wholeNumber.test(dtype) && shape.length > 1) return undefined;
    const weight = scaledType(name, types);
    if (weight !== undefined && isPacked(name, weight)) return undefined;
    // What has the name of a scale, but nothing to scale, is a weight like others.
    if (dtype === 'F8_E8M0' || (weight !== undefined && eightBits.test(weight))) continue;
    count += shape.reduce((product, dimension) => product * dimension, 1);
  }
  return Number.isSafeInteger(count) ? count : undefined;
}

/** The type of the weight that a side tensor stands beside; undefined for other tensors. */
function scaledType(name: string, types: ReadonlyMap<string, string>): string | undefined {
  const side = sideTensor.exec(name);
  if (!side) return undefined;
  const layer = name.slice(0, side.index);
  if (side.index === 0) return types.get('weight');
  return types.get(layer) ?? types.get(`${layer}.weight`) ?? types.get(`${layer}_weight`);
}

/** bitsandbytes packs into any type, NVFP4 into bytes, MLX into 32 bits. */
function isPacked(sideName: string, weight: string): boolean {
  if (sideName.endsWith('.absmax')) return true;
  return sideName.endsWith('weight_scale_2') ? weight === 'U8' : weight === 'U32';
}
