/** One thing that was measured. */
export interface Figure {
  readonly what: string;
  /** One for each round. */
  readonly samples: readonly number[];
  readonly unit: Unit;
  readonly bar?: Bar;
}

/** `x` is a ratio. */
export type Unit = 'ms' | 's' | 'x' | 'MB/s' | 'MB';

/** What the design asks for. */
export interface Bar {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface BenchContext {
  /** An empty folder of its own; removed afterwards. */
  readonly folder: string;
  /** Bytes of the files to work on; each bench has its own idea if not given. */
  readonly size?: number;
  /** Likewise, how often everything is done. */
  readonly rounds?: number;
  /** Says what is being done, on stderr. */
  say(what: string): void;
}

export interface Bench {
  readonly name: string;
  readonly summary: string;
  run(context: BenchContext): Promise<Outcome>;
}

export interface Outcome {
  readonly figures: readonly Figure[];
  /** What one must know to read them. */
  readonly notes: readonly string[];
}
