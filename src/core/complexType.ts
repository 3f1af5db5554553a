/** C64, complex128 and the like, as safetensors, PyTorch, TensorFlow and NumPy name them. */
export function isComplex(dtype: string): boolean {
  return /^(?:C64|b?complex\d+|[<>]c\d+)$/i.test(dtype);
}
