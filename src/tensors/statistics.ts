/** What one number each says of the elements of a tensor, with those that are no finite numbers left out of all but the counts. */
export interface TensorStatistics {
  readonly count: number;
  readonly nan: number;
  readonly positiveInfinity: number;
  readonly negativeInfinity: number;
  readonly zeros: number;
  /** These are over the finite elements, and absent where there is none. */
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  /** Of the population. */
  readonly standardDeviation?: number;
  /** The square root of the sum of the squares. Absent where that is beyond what a number can say, as is the deviation. */
  readonly norm?: number;
}

/** Sums over so many elements lose hardly a digit, and they are still in the processor's cache for a second look. */
const partLength = 4096;

/** Computes the statistics of a tensor from its pieces, in one pass. */
export class StatisticsCounter {
  #count = 0;
  #nan = 0;
  #positiveInfinity = 0;
  #negativeInfinity = 0;
  #zeros = 0;
  #finite = 0;
  #min = Infinity;
  #max = -Infinity;
  #mean = 0;
  /** The sum of the squared distances from the mean. */
  #spread = 0;

  add(numbers: Float32Array | Float64Array): void {
    for (let from = 0; from < numbers.length; from += partLength) {
      this.#addPart(numbers, from, Math.min(from + partLength, numbers.length));
    }
  }

  #addPart(numbers: Float32Array | Float64Array, from: number, end: number): void {
    let sum = 0;
    let zeros = 0;
    let others = 0;
    let min = this.#min;
    let max = this.#max;
    for (let i = from; i < end; i++) {
      const value = numbers[i]!;
      // True of all but infinities and NaN.
      if (value - value === 0) {
        sum += value;
        if (value < min) min = value;
        if (value > max) max = value;
        if (value === 0) zeros++;
      } else {
        others++;
        if (value === Infinity) this.#positiveInfinity++;
        else if (value === -Infinity) this.#negativeInfinity++;
        else this.#nan++;
      }
    }
    this.#min = min;
    this.#max = max;
    this.#zeros += zeros;
    this.#count += end - from;
    const finite = end - from - others;
    if (finite === 0) return;
    const mean = sum / finite;
    let spread = 0;
    for (let i = from; i < end; i++) {
      const distance = numbers[i]! - mean;
      if (others === 0 || distance - distance === 0) spread += distance * distance;
    }
    // Two sets of numbers together, from what is known of each.
    const all = this.#finite + finite;
    const apart = mean - this.#mean;
    this.#mean += apart * (finite / all);
    this.#spread += spread + apart * apart * (this.#finite / all) * finite;
    this.#finite = all;
  }

  result(): TensorStatistics {
    const counts = {
      count: this.#count,
      nan: this.#nan,
      positiveInfinity: this.#positiveInfinity,
      negativeInfinity: this.#negativeInfinity,
      zeros: this.#zeros,
    };
    if (this.#finite === 0) return counts;
    const norm = Math.sqrt(this.#spread + this.#finite * this.#mean * this.#mean);
    const known = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
    return {
      ...counts,
      min: this.#min,
      max: this.#max,
      mean: known(this.#mean),
      standardDeviation: known(Math.sqrt(this.#spread / this.#finite)),
      norm: known(norm),
    };
  }
}
