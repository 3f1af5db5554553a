import type { Numbers } from '../tensors/decoder.ts';
import type { PartsKind } from './elementParts.ts';
import type { NonFinite, TensorDifference } from './tensorsDiff.ts';

/** What relative differences of several tensors together are told from. Of the elements whose pairs are finite. */
export interface Squares {
  readonly squaresA: number;
  readonly squaresOfDifference: number;
}

/** Elements that are added up before they join the sums: so few that rounding errors stay small. */
const blockElements = 8192;

/** Adds up, in one pass over pairs of elements, what is said of the difference of two tensors. */
export class DifferenceSums {
  readonly #parts: PartsKind | undefined;
  #elements = 0;
  #changed = 0;
  #squaresA = 0;
  #squaresB = 0;
  #products = 0;
  #squaresOfDifference = 0;
  #max = -1;
  #maxAt = 0;
  readonly #a = nonFiniteCounts();
  readonly #b = nonFiniteCounts();

  /** @param parts of the elements, where each is two numbers that stand side by side */
  constructor(parts: PartsKind | undefined) {
    this.#parts = parts;
  }

  get elements(): number {
    return this.#elements;
  }
  get isEqual(): boolean {
    return this.#changed === 0;
  }
  /** Of the elements whose pairs are finite. */
  get squaresA(): number {
    return this.#squaresA;
  }
  get squaresB(): number {
    return this.#squaresB;
  }
  get squaresOfDifference(): number {
    return this.#squaresOfDifference;
  }

  /** Adds the pairs that follow those before; both have as many. */
  add(a: Numbers, b: Numbers): void {
    if (this.#parts === 'complex') this.#addComplex(a, b);
    else if (this.#parts === 'whole64') this.#addWhole(a, b);
    else this.#addPlain(a, b);
  }

  #addPlain(a: Numbers, b: Numbers): void {
    for (let from = 0; from < a.length; from += blockElements) {
      const to = Math.min(a.length, from + blockElements);
      if (!this.#addBlock(a, b, from, to)) this.#addCarefully(a, b, from, to);
    }
    this.#elements += a.length;
  }

  /** @returns false, with nothing added, when not all is finite */
  #addBlock(a: Numbers, b: Numbers, from: number, to: number): boolean {
    let [changed, squaresA, squaresB, products, squaresOfDifference] = [0, 0, 0, 0, 0];
    let max = this.#max;
    let maxAt = -1;
    for (let i = from; i < to; i++) {
      const x = a[i] as number;
      const y = b[i] as number;
      const difference = y - x;
      if (difference !== 0) changed++;
      squaresA += x * x;
      squaresB += y * y;
      products += x * y;
      squaresOfDifference += difference * difference;
      const size = Math.abs(difference);
      if (size > max) {
        max = size;
        maxAt = i;
      }
    }
    // Of what is not finite, something remains in these.
    if (!Number.isFinite(squaresA + squaresB + squaresOfDifference)) return false;
    this.#changed += changed;
    this.#squaresA += squaresA;
    this.#squaresB += squaresB;
    this.#products += products;
    this.#squaresOfDifference += squaresOfDifference;
    if (maxAt !== -1) {
      this.#max = max;
      this.#maxAt = this.#elements + maxAt;
    }
    return true;
  }

  #addCarefully(a: Numbers, b: Numbers, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const x = a[i] as number;
      const y = b[i] as number;
      if (!isSame(x, y)) this.#changed++;
      const finiteA = isFiniteCounted(this.#a, x);
      const finiteB = isFiniteCounted(this.#b, y);
      if (finiteA && finiteB) this.#addFinite(x * x, y * y, x * y, Math.abs(y - x), this.#elements + i);
    }
  }

  /** An element is changed when either part is. */
  #addComplex(a: Numbers, b: Numbers): void {
    for (let i = 0; i < a.length; i += 2, this.#elements++) {
      const x = a[i] as number;
      const xi = a[i + 1] as number;
      const y = b[i] as number;
      const yi = b[i + 1] as number;
      if (!isSame(x, y) || !isSame(xi, yi)) this.#changed++;
      const finiteA = isFiniteCounted(this.#a, notFinite(x, xi));
      const finiteB = isFiniteCounted(this.#b, notFinite(y, yi));
      if (!finiteA || !finiteB) continue;
      const distance = Math.hypot(y - x, yi - xi);
      this.#addFinite(x * x + xi * xi, y * y + yi * yi, x * y + xi * yi, distance, this.#elements);
    }
  }

  /** Their differences are told apart also where the nearest doubles are the same, beyond 2^53. */
  #addWhole(a: Numbers, b: Numbers): void {
    for (let i = 0; i < a.length; i += 2, this.#elements++) {
      const low = a[i] as number;
      const high = (a[i + 1] as number) * 2 ** 32;
      const lowB = b[i] as number;
      const highB = (b[i + 1] as number) * 2 ** 32;
      const difference = highB - high + (lowB - low);
      if (difference !== 0) this.#changed++;
      const x = high + low;
      const y = highB + lowB;
      this.#addFinite(x * x, y * y, x * y, Math.abs(difference), this.#elements);
    }
  }

  #addFinite(squareA: number, squareB: number, product: number, distance: number, at: number): void {
    this.#squaresA += squareA;
    this.#squaresB += squareB;
    this.#products += product;
    this.#squaresOfDifference += distance * distance;
    if (distance > this.#max) {
      this.#max = distance;
      this.#maxAt = at;
    }
  }

  /** @param shape of b, to say where the largest difference is */
  result(shape: readonly number[]): TensorDifference {
    const l2 = Math.sqrt(this.#squaresOfDifference);
    const normA = Math.sqrt(this.#squaresA);
    const normB = Math.sqrt(this.#squaresB);
    // Of norms that are too large for a number there is none. Adding zero takes the sign off a zero, which JSON has not.
    const cosine = Number.isFinite(normA * normB) ? this.#products / (normA * normB) + 0 : NaN;
    const isFinitePair = this.#max >= 0;
    return {
      elements: this.#elements,
      changed: this.#changed,
      l2: finite(l2),
      normA: finite(normA),
      normB: finite(normB),
      relativeL2: finite(l2 / normA),
      cosine: finite(Math.max(-1, Math.min(1, cosine))),
      maxAbsolute: isFinitePair ? finite(this.#max) : undefined,
      maxAt: isFinitePair ? indicesOf(this.#maxAt, shape) : undefined,
      a: nonFinite(this.#a),
      b: nonFinite(this.#b),
    };
  }
}

function isSame(x: number, y: number): boolean {
  return x === y || Object.is(x, y);
}

/** One number for both parts, which is NaN or infinite where they are. */
function notFinite(real: number, imaginary: number): number {
  return Number.isFinite(real) ? imaginary : real;
}

interface NonFiniteCounts {
  nan: number;
  positiveInfinity: number;
  negativeInfinity: number;
}

function nonFiniteCounts(): NonFiniteCounts {
  return { nan: 0, positiveInfinity: 0, negativeInfinity: 0 };
}

/** Of all tensors that have none, the same. */
const allFinite: NonFinite = Object.freeze(nonFiniteCounts());

function nonFinite(counts: NonFiniteCounts): NonFinite {
  const { nan, positiveInfinity, negativeInfinity } = counts;
  return nan + positiveInfinity + negativeInfinity === 0 ? allFinite : { ...counts };
}

function isFiniteCounted(counts: NonFiniteCounts, value: number): boolean {
  if (Number.isFinite(value)) return true;
  if (Number.isNaN(value)) counts.nan++;
  else if (value > 0) counts.positiveInfinity++;
  else counts.negativeInfinity++;
  return false;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** Of the element that is the `at`th in row-major order; undefined where the shape does not have it. */
function indicesOf(at: number, shape: readonly number[]): number[] | undefined {
  let rest = at;
  const indices = shape.toReversed().map((dimension) => {
    const index = rest % dimension;
    rest = (rest - index) / dimension;
    return index;
  });
  return rest === 0 ? indices.toReversed() : undefined;
}
