import { l10n } from 'vscode';
import { TrailError } from '../../core/errors.ts';
import type { TrailHandle } from '../../engine/client.ts';
import type { TrailSettings } from '../../trail/settings.ts';
import type { Engine } from '../engine.ts';
import type { Trails } from '../trails.ts';

/** A folder that nobody opened is not searched, and Git not asked. */
const looseSettings: TrailSettings = { include: [], exclude: ['**'], stages: [], trusted: false };

interface Loose {
  readonly opening: Promise<TrailHandle>;
  readonly users: Set<object>;
}

/** Trails of folders that nobody opened, each for as long as somebody looks into a file there. */
export class LooseTrails {
  readonly #trails: Pick<Trails, 'opened'>;
  readonly #engine: Pick<Engine, 'openTrail'>;
  readonly #loose = new Map<string, Loose>();
  readonly #left = new WeakSet<object>();

  constructor(trails: Pick<Trails, 'opened'>, engine: Pick<Engine, 'openTrail'>) {
    this.#trails = trails;
    this.#engine = engine;
  }

  /** The trail of a folder, open until its user and all others of it have left. @throws TrailError */
  async use(folder: string, user: object): Promise<TrailHandle> {
    // What a page had begun when it was closed must not keep a trail open for it.
    if (this.#left.has(user)) throw new TrailError('cancelled', l10n.t('{0} is not open.', folder));
    const loose = this.#loose.get(folder) ?? this.#open(folder);
    loose.users.add(user);
    return loose.opening;
  }

  #open(folder: string): Loose {
    const loose = { opening: this.#engine.openTrail(folder, looseSettings), users: new Set<object>() };
    this.#loose.set(folder, loose);
    loose.opening.catch(() => {
      if (this.#loose.get(folder) === loose) this.#loose.delete(folder);
    });
    return loose;
  }

  async leave(user: object): Promise<void> {
    this.#left.add(user);
    const left = [...this.#loose].filter(([, { users }]) => users.delete(user) && users.size === 0);
    for (const [folder] of left) this.#loose.delete(folder);
    for (const [, { opening }] of left) await this.#close(opening);
  }

  async #close(opening: Promise<TrailHandle>): Promise<void> {
    const handle = await opening.catch(() => undefined);
    if (!handle) return;
    const handles = [...this.#loose.values()].map((other) => other.opening.catch(() => undefined));
    const others = [...this.#trails.opened, ...(await Promise.all(handles))];
    // Another folder may belong to the same trail.
    if (others.every((other) => other?.root !== handle.root)) await handle.close();
  }
}
