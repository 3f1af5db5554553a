/** How many elements lie in each of as many equal parts of `from`..`to`; the last part includes its end. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

const histogramBins = 64;

/** Counts elements between two limits, as NumPy does: what lies outside, or is no finite number, is in no bin. */
export class HistogramCounter {
  readonly #from: number;
  readonly #to: number;
  readonly #edges: Float64Array;
  readonly #counts = new Float64Array(histogramBins);

  /** Limits that are equal are moved apart by one. */
  constructor(min: number, max: number) {
    this.#from = min === max ? min - 0.5 : min;
    this.#to = min === max ? max + 0.5 : max;
    const step = (this.#to - this.#from) / histogramBins;
    this.#edges = Float64Array.from({ length: histogramBins + 1 }, (_, i) =>
      i === histogramBins ? this.#to : this.#from + i * step,
    );
  }

  add(numbers: Float32Array | Float64Array): void {
    const [from, to, edges, counts] = [this.#from, this.#to, this.#edges, this.#counts];
    const scale = histogramBins / (to - from);
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i]!;
      if (!(value >= from && value <= to)) continue;
      let bin = Math.min(histogramBins - 1, Math.floor((value - from) * scale));
      // The division may be off by a hair.
      if (value < edges[bin]!) bin--;
      else if (value >= edges[bin + 1]! && bin < histogramBins - 1) bin++;
      counts[bin]!++;
    }
  }

  result(): Histogram {
    return { from: this.#from, to: this.#to, counts: [...this.#counts] };
  }
}
