/** A thread that takes jobs while others are under way. */
interface Helper {
  readonly asked: number;
  onAnswer: () => void;
}

interface WorkOptions<Job, Result, Thread extends Helper> {
  /** Who helps, if there is anybody. */
  helpers(): readonly Thread[];
  /** Rejects when the helper is gone. */
  ask(helper: Thread, job: Job): Promise<Result>;
  /** Does it here; takes a millisecond or two, for which this thread is away. */
  here(job: Job): Result;
}

interface Waiting<Job, Result> {
  readonly job: Job;
  resolve(result: Result | Promise<Result>): void;
  reject(reason: unknown): void;
}

/** A helper is given something while it is at something else, so that it never waits. */
const mostGiven = 2;

/** Small jobs that are done by whoever has time: other threads, if there are any, and this one between its events. */
export class SharedWork<Job, Result, Thread extends Helper> {
  readonly #options: WorkOptions<Job, Result, Thread>;
  /** What nobody has begun. */
  readonly #waiting: Waiting<Job, Result>[] = [];
  #isAtIt = false;

  constructor(options: WorkOptions<Job, Result, Thread>) {
    this.#options = options;
  }

  /** @returns the results, in order */
  do(jobs: readonly Job[]): Promise<Result[]> {
    const results = jobs.map(
      (job) => new Promise<Result>((resolve, reject) => void this.#waiting.push({ job, resolve, reject })),
    );
    this.#give();
    this.#take();
    return Promise.all(results);
  }

  /** Gives the helpers as much as they can do next. */
  #give(): void {
    for (const thread of this.#options.helpers()) {
      thread.onAnswer = () => this.#give();
      this.#giveTo(thread);
    }
  }

  #giveTo(thread: Thread): void {
    const { ask, here } = this.#options;
    while (thread.asked < mostGiven) {
      const next = this.#waiting.shift();
      if (!next) return;
      // Should the thread end, or not start, it is done here.
      next.resolve(ask(thread, next.job).catch(() => here(next.job)));
    }
  }

  /** Does the rest here, one at a time. */
  #take(): void {
    if (this.#isAtIt || this.#waiting.length === 0) return;
    this.#isAtIt = true;
    setImmediate(() => {
      this.#isAtIt = false;
      const next = this.#waiting.shift();
      try {
        if (next) next.resolve(this.#options.here(next.job));
      } catch (error) {
        next?.reject(error);
      }
      this.#take();
    });
  }
}
