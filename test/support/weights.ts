/** Values as a trained layer holds them, normally distributed. */
export function weights(dtype: 'F32' | 'BF16', bytes: number, sigma = 0.02): Uint8Array {
  const count = bytes / elementBytes(dtype);
  return stored(
    dtype,
    Float32Array.from({ length: count }, () => sigma * normal()),
  );
}

/** The same after a little more training: noise of `relative` sigma on every value. */
export function noisy(dtype: 'F32' | 'BF16', bytes: Uint8Array, relative: number, sigma = 0.02): Uint8Array {
  return stored(
    dtype,
    valuesOf(dtype, bytes).map((value) => value + relative * sigma * normal()),
  );
}

function elementBytes(dtype: 'F32' | 'BF16'): number {
  return dtype === 'F32' ? 4 : 2;
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

/** A bfloat16 is the upper half of a float, rounded. */
function stored(dtype: 'F32' | 'BF16', values: Float32Array): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer);
  const bits = new Uint32Array(values.buffer);
  return new Uint8Array(
    Uint16Array.from(bits, (word) => (word + 0x7fff + ((word >>> 16) & 1)) >>> 16).buffer,
  );
}

function valuesOf(dtype: 'F32' | 'BF16', bytes: Uint8Array): Float32Array {
  const aligned = bytes.slice();
  if (dtype === 'F32') return new Float32Array(aligned.buffer);
  return new Float32Array(Uint32Array.from(new Uint16Array(aligned.buffer), (half) => half << 16).buffer);
}
