import { readdirSync, statSync, truncateSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Operation, Progress } from '../../src/core/operation.ts';
import { EngineClient, type TrailHandle } from '../../src/engine/client.ts';
import type { ChangeEvent } from '../../src/engine/protocol.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { type EngineProcesses, engineProgram, watchEngineProcesses } from './engineProcesses.ts';
import { makeWorkspace, safetensors, type Workspace } from './workspace.ts';

/** The one model of the tests of the engine, unless they say otherwise. */
export const model = 'models/churn.safetensors';

/** An engine in a process of its own, and a workspace with Git for it: both anew for each test. */
export class EngineTests {
  workspace!: Workspace;
  client!: EngineClient;
  processes!: EngineProcesses;
  readonly events: ChangeEvent[] = [];
  readonly log: string[] = [];

  constructor() {
    beforeEach(() => {
      this.workspace = makeWorkspace();
      this.events.length = 0;
      this.log.length = 0;
      this.processes = watchEngineProcesses();
      this.client = this.engine();
    });
    afterEach(async () => {
      this.processes.stopWatching();
      await this.client.dispose();
      this.workspace.remove();
    });
  }

  /** Another one, which the test ends itself. */
  engine(program = engineProgram): EngineClient {
    return new EngineClient({
      program,
      onDidChange: (root, change) => void this.events.push({ root, change }),
      onLog: (level, message) => void this.log.push(`${level}: ${message}`),
    });
  }

  open(folder = this.workspace.folder): Promise<TrailHandle> {
    return this.client.openTrail(folder, defaultSettings);
  }

  /** @returns the identity of the new bytes */
  train(name = model, content: string | Uint8Array = safetensors()): string {
    const id = this.workspace.write(name, content);
    this.#finish(name);
    return id;
  }

  /** A file whose reading takes long, though it takes no room. */
  trainBig(bytes = 4 * 2 ** 30): number {
    this.workspace.write(model, '');
    truncateSync(path.join(this.workspace.folder, model), bytes);
    this.#finish(model);
    return bytes;
  }

  /** Makes a file look finished, so that recording does not wait to see whether it still grows. */
  #finish(name: string): void {
    const earlier = new Date(Date.now() - 60_000);
    utimesSync(path.join(this.workspace.folder, name), earlier, earlier);
  }

  /** All that the engine has written. */
  written(): string[] {
    return ['.git/modeltrail', '.modeltrail'].flatMap((name) =>
      filesBelow(path.join(this.workspace.folder, name)),
    );
  }

  /** Of these what holds model bytes or facts, or is left from writing them. */
  kept(): string[] {
    return this.written().filter((name) => !/^(id|index-.*\.sqlite|users[/\\].*\.json)$/.test(name));
  }
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(path.join(folder, name)).isFile(),
    );
  } catch {
    return [];
  }
}

/** An operation that can be cancelled; `started` resolves with its first progress. */
export function watched(): {
  operation: Operation;
  cancel(): void;
  started: Promise<void>;
  seen: Progress[];
} {
  const controller = new AbortController();
  const seen: Progress[] = [];
  let begin = (): void => {};
  const started = new Promise<void>((resolve) => (begin = resolve));
  const report = (progress: Progress): void => {
    seen.push(progress);
    begin();
  };
  return {
    operation: { signal: controller.signal, report },
    cancel: () => controller.abort(),
    started,
    seen,
  };
}
