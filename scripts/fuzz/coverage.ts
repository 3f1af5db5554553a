import { Session, type Profiler } from 'node:inspector';

/** Tells whether a run of the readers went where none went before, by the block coverage that V8 keeps. */
export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Whether since the last call a block ran for the first time, or many times more often than ever. */
  foundMore(): boolean {
    let more = false;
    // The answer comes before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
      for (const script of result) if (script.url.includes('/src/')) more = this.#note(script) || more;
    });
    return more;
  }

  #note({ scriptId, functions }: Profiler.ScriptCoverage): boolean {
    let more = false;
    for (const { ranges } of functions) {
      for (const { startOffset, endOffset, count } of ranges) {
        if (count === 0) continue;
        const key = `${scriptId}:${startOffset}:${endOffset}:${Math.floor(Math.log2(count) / 2)}`;
        if (this.#seen.has(key)) continue;
        this.#seen.add(key);
        more = true;
      }
    }
    return more;
  }

  get size(): number {
    return this.#seen.size;
  }
}
