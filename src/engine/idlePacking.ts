import { TrailError } from '../core/errors.ts';
import type { PackReport } from '../trail/api/store.ts';
import type { TrailMethod } from './protocol.ts';

export interface IdlePackingOptions {
  /** How long nothing must have been done, in milliseconds. */
  readonly quietMs: number;
  pack(root: string, signal: AbortSignal): Promise<Pick<PackReport, 'waiting'>>;
  onError(error: unknown): void;
}

/** Questions and facts: they read and write no contents, and packing can go on meanwhile. */
const light: ReadonlySet<TrailMethod> = new Set([
  'info',
  'refresh',
  'models',
  'versions',
  'version',
  'resolve',
  'tag',
  'stage',
  'untag',
  'unstage',
  'note',
  'measure',
  'planUndo',
  'lostEntries',
  'bringBack',
  'letGo',
  'activity',
]);
/** After these there may be something to pack or to free. */
const changing: ReadonlySet<TrailMethod> = new Set([
  'record',
  'rollback',
  'undo',
  'verify',
  'forget',
  'collectGarbage',
  'moveStore',
]);

const hourMs = 3_600_000;

/**
 * Has the stores of trails packed while nothing else is done. Whatever works on contents stops it at once: what it has finished stays
 * finished, and it goes on after the next quiet time. Only one trail is packed at a time, and the store's lock sees to other windows.
 */
export class IdlePacking {
  readonly #options: IdlePackingOptions;
  readonly #due = new Set<string>();
  readonly #later = new Map<string, NodeJS.Timeout>();
  #roots: ReadonlySet<string> = new Set();
  #busy = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: AbortController | undefined;
  #disposed = false;

  constructor(options: IdlePackingOptions) {
    this.#options = options;
  }

  /** Trails that may have something to pack from before. All others are left alone from now on. */
  setTrails(roots: readonly string[]): void {
    this.#stop();
    this.#due.clear();
    for (const timer of this.#later.values()) clearTimeout(timer);
    this.#later.clear();
    this.#roots = new Set(roots);
    for (const root of roots) this.#due.add(root);
    this.#wait();
  }

  /** Something is asked of a trail, until it is answered. */
  called(root: string, method: TrailMethod, answer: Promise<unknown>): void {
    if (method === 'pack' || light.has(method)) return;
    this.#busy++;
    this.#stop();
    const settled = (): void => {
      this.#busy--;
      if (changing.has(method) && this.#roots.has(root)) this.#due.add(root);
      this.#wait();
    };
    answer.then(settled, settled);
  }

  dispose(): void {
    this.#disposed = true;
    this.setTrails([]);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running?.abort();
  }

  #wait(): void {
    if (this.#busy > 0 || this.#running || this.#due.size === 0 || this.#disposed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), this.#options.quietMs);
  }

  async #run(): Promise<void> {
    const [root] = this.#due;
    if (root === undefined) return;
    const running = new AbortController();
    this.#running = running;
    try {
      const { waiting } = await this.#options.pack(root, running.signal);
      // It was not stopped: nothing has come since it began.
      if (!running.signal.aborted) this.#due.delete(root);
      if (waiting > 0 && this.#roots.has(root)) this.#again(root);
    } catch (error) {
      // Stopped, or another window is at it: later, then.
      const isLater = TrailError.is(error, 'cancelled', 'refused');
      if (!isLater) {
        this.#due.delete(root);
        this.#options.onError(error);
      }
    } finally {
      this.#running = undefined;
      this.#wait();
    }
  }

  /** What somebody may have relied on can be removed when an hour has passed. */
  #again(root: string): void {
    clearTimeout(this.#later.get(root));
    const timer = setTimeout(() => {
      this.#later.delete(root);
      this.#due.add(root);
      this.#wait();
    }, hourMs);
    this.#later.set(root, timer.unref());
  }
}
