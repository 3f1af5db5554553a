/** How the elements of a plane become the cells of a picture of it. */
export interface SliceShape {
  /** Of the plane, in elements. */
  readonly height: number;
  readonly width: number;
  /** Of the picture, in cells; no more than elements. */
  readonly rows: number;
  readonly columns: number;
  /** What stands for the elements that share a cell. */
  readonly reduce: 'mean' | 'extreme';
}

/** Reduces a plane to cells while its elements come by, row by row. A cell without a finite element is NaN. */
export class SliceReducer {
  readonly #shape: SliceShape;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;
  readonly #columnOf: Uint32Array;
  #at = 0;

  constructor(shape: SliceShape) {
    this.#shape = shape;
    const { width, rows, columns } = shape;
    this.#sums = new Float64Array(rows * columns);
    this.#counts = new Float64Array(rows * columns);
    this.#columnOf = Uint32Array.from({ length: width }, (_, x) => cellOf(x, width, columns));
  }

  add(numbers: Float32Array | Float64Array): void {
    const { height, width, rows, columns, reduce } = this.#shape;
    const [sums, counts, columnOf] = [this.#sums, this.#counts, this.#columnOf];
    for (let i = 0; i < numbers.length;) {
      const y = Math.floor(this.#at / width);
      const x = this.#at - y * width;
      const length = Math.min(width - x, numbers.length - i);
      const row = cellOf(y, height, rows) * columns;
      for (let j = 0; j < length; j++) {
        const value = numbers[i + j]!;
        if (value - value !== 0) continue;
        const cell = row + columnOf[x + j]!;
        if (reduce === 'mean') sums[cell]! += value;
        else if (Math.abs(value) > Math.abs(sums[cell]!)) sums[cell] = value;
        counts[cell]!++;
      }
      i += length;
      this.#at += length;
    }
  }

  /** Row by row. */
  values(): Float32Array {
    const isMean = this.#shape.reduce === 'mean';
    return Float32Array.from(this.#sums, (sum, cell) => {
      const count = this.#counts[cell]!;
      return count === 0 ? Number.NaN : isMean ? sum / count : sum;
    });
  }
}

/** Cell c holds the elements from c x length / cells on, rounded up. */
function cellOf(index: number, length: number, cells: number): number {
  return Math.floor((index * cells) / length);
}
