import { setTimeout as delay } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import { createPeer, type Peer } from '../rpc/rpc.ts';
import type { ModelRow, TrailChange } from '../trail/api/models.ts';
import type { DiffTarget, ReadTarget } from '../trail/api/targets.ts';
import type { TrailApi } from '../trail/api/trailApi.ts';
import { readFirstRows } from '../trail/catalogue/firstRows.ts';
import { findRoot } from '../trail/root.ts';
import type { TrailSettings } from '../trail/settings.ts';
import { EngineProcess } from './engineProcess.ts';
import {
  type ChangeEvent,
  type InspectionText,
  type LogEvent,
  type LogLevel,
  plainArguments,
  type TrailMethod,
  trailMethods,
  type EngineStart,
} from './protocol.ts';

export interface EngineOptions {
  /** The engine's bundle. */
  readonly program: string;
  readonly start?: EngineStart;
  readonly onDidChange: (root: string, change: TrailChange) => void;
  readonly onLog: (level: LogLevel, message: string) => void;
  /** Told of everything that is asked. */
  readonly onCall?: (call: EngineCall) => void;
}

/** Something that a trail is asked. */
export interface EngineCall {
  readonly root: string;
  readonly method: TrailMethod;
  readonly answer: Promise<unknown>;
}

/** A trail in the engine's process. */
export type TrailHandle = TrailApi & {
  readonly root: string;
  /** Where the engine finds the root, once it has opened the trail. @throws TrailError when it cannot */
  opening(): Promise<string>;
  /** `inspect` for a thread that must not stall, however large the record is. */
  inspectText(target: ReadTarget, operation: Operation): Promise<InspectionText>;
  /** The same of `diff`, as JSON. */
  diffText(a: DiffTarget, b: DiffTarget, operation: Operation): Promise<string>;
};

/** Rows that are known are drawn in this time, in milliseconds; a process that starts meanwhile would be in their way. */
const drawnAfter = 100;

/** A trail that need not be open yet, with its models as they were the last time. */
export interface TrailBefore {
  readonly trail: TrailHandle;
  readonly rows: readonly ModelRow[];
}

/** The engine in its process, started when first needed, and again if it should die. */
export class EngineClient {
  readonly #options: EngineOptions;
  #running:
    | { readonly process: EngineProcess; readonly peer: Peer; readonly opened: Map<string, Promise<string>> }
    | undefined;
  #disposed = false;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  async openTrail(folder: string, settings: TrailSettings): Promise<TrailHandle> {
    // The settings may be new: whoever opens again means these.
    this.#running?.opened.delete(folder);
    return this.#handle(folder, settings, await this.#open(folder, settings).root);
  }

  /** The trail as it was the last time, if that is known: the engine opens it when it is first asked something. */
  async trailBefore(folder: string, settings: TrailSettings): Promise<TrailBefore | undefined> {
    const before = await readFirstRows(folder, settings);
    if (!before) return undefined;
    const drawn = delay(drawnAfter);
    return { trail: this.#handle(folder, settings, before.root, drawn), rows: before.rows };
  }

  /** The root of the trail that a folder belongs to, which need not be open. @throws TrailError */
  rootOf(folder: string): Promise<string> {
    return findRoot(folder);
  }

  #open(folder: string, settings: TrailSettings): { peer: Peer; root: Promise<string> } {
    const { peer, opened } = this.#engine();
    let root = opened.get(folder);
    if (!root) {
      root = peer.call<string>('open', [folder, settings]);
      opened.set(folder, root);
      // What failed to open may open the next time.
      root.catch(() => opened.delete(folder));
    }
    return { peer, root };
  }

  /** @param ready nothing is asked before */
  #handle(folder: string, settings: TrailSettings, root: string, ready?: Promise<void>): TrailHandle {
    let isClosed = false;
    const open = async (): Promise<{ peer: Peer; root: Promise<string> }> => {
      await ready;
      // Whoever still works with it must not open it again.
      if (isClosed) throw new TrailError('cancelled', l10n.t('{0} is not open.', root));
      return this.#open(folder, settings);
    };
    const remote =
      (method: string, count: number) =>
      async (...args: unknown[]): Promise<unknown> => {
        const { peer, root: opened } = await open();
        return peer.call(
          method,
          [await opened, ...args.slice(0, count)],
          args[count] as Operation | undefined,
        );
      };
    const methods = trailMethods.map((method) => {
      const call = remote(method, plainArguments[method]);
      const told = (...args: unknown[]): Promise<unknown> => {
        const answer = call(...args);
        this.#options.onCall?.({ root, method, answer });
        return answer;
      };
      return [method, told] as const;
    });
    const close = async (): Promise<void> => {
      isClosed = true;
      await this.#close(folder);
    };
    return {
      root,
      opening: async () => (await open()).root,
      close,
      ...(Object.fromEntries(methods) as unknown as Omit<TrailApi, 'close'>),
      inspectText: remote('inspectText', 1) as TrailHandle['inspectText'],
      diffText: remote('diffText', 2) as TrailHandle['diffText'],
    };
  }

  async #close(folder: string): Promise<void> {
    const running = this.#running;
    const opening = running?.opened.get(folder);
    if (!running || !opening) return;
    running.opened.delete(folder);
    const root = await opening;
    // It is closed for every folder in it: whoever asks from another one opens it again.
    for (const [other, found] of running.opened) {
      const forget = (its: string): void => {
        if (its === root && running.opened.get(other) === found) running.opened.delete(other);
      };
      void found.then(forget, () => undefined);
    }
    await running.peer.call('close', [root]);
  }

  #engine(): { peer: Peer; opened: Map<string, Promise<string>> } {
    if (this.#running) return this.#running;
    if (this.#disposed) throw new Error(stopped());
    const process = new EngineProcess(this.#options.program);
    const peer = createPeer(process.channel);
    const running = { process, peer, opened: new Map<string, Promise<string>>() };
    void process.ended.then(({ reason, details }) => {
      if (this.#running === running) {
        this.#running = undefined;
        this.#options.onLog('error', `The engine stopped: ${details}`);
      }
      // Also while it was being told to end: its answers are waited for.
      peer.dispose(l10n.t('The Modeltrail engine stopped unexpectedly: {0}', reason));
    });
    peer.emit('start', this.#options.start ?? {});
    peer.on('change', (value) => {
      const { root, change } = value as ChangeEvent;
      this.#options.onDidChange(root, change);
    });
    peer.on('log', (value) => {
      const { level, message } = value as LogEvent;
      this.#options.onLog(level, message);
    });
    this.#running = running;
    return running;
  }

  /** Cancels what is under way and ends the process, for good. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    running.peer.cancelCalls();
    // Open trails save their index as they close.
    await Promise.allSettled(
      [...running.opened.values()].map(async (root) => running.peer.call('close', [await root])),
    );
    running.peer.dispose(stopped());
    await running.process.stop();
  }
}

function stopped(): string {
  return l10n.t('The Modeltrail engine was stopped.');
}
