import * as vscode from 'vscode';
import type { TrailSettings } from '../trail/settings.ts';
import { type EngineCall, EngineClient, type TrailBefore, type TrailHandle } from '../engine/client.ts';
import type { ChangeEvent } from '../engine/protocol.ts';
import { writeLog } from './log.ts';

/** The engine as the editor knows it: its process starts with the first folder that is opened, not with the extension. */
export class Engine {
  readonly #start: () => EngineClient;
  readonly #changed = new vscode.EventEmitter<ChangeEvent>();
  readonly #called = new vscode.EventEmitter<EngineCall>();
  #client: EngineClient | undefined;

  readonly onDidChange = this.#changed.event;
  readonly onDidCall = this.#called.event;

  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#start = () =>
      new EngineClient({
        program: vscode.Uri.joinPath(extensionUri, 'dist', 'engine.cjs').fsPath,
        start: { l10n: translations() },
        onDidChange: (root, change) => this.#changed.fire({ root, change }),
        onCall: (call) => this.#called.fire(call),
        onLog: (level, message) => writeLog(log, level, message),
      });
  }

  openTrail(folder: string, settings: TrailSettings): Promise<TrailHandle> {
    return this.#running().openTrail(folder, settings);
  }

  trailBefore(folder: string, settings: TrailSettings): Promise<TrailBefore | undefined> {
    return this.#running().trailBefore(folder, settings);
  }

  rootOf(folder: string): Promise<string> {
    return this.#running().rootOf(folder);
  }

  #running(): EngineClient {
    return (this.#client ??= this.#start());
  }

  async dispose(): Promise<void> {
    this.#changed.dispose();
    this.#called.dispose();
    await this.#client?.dispose();
  }
}

/** What the engine and the pages say in the language of the editor; undefined where that is English. */
export function translations(): Record<string, string> | undefined {
  return vscode.l10n.bundle as Record<string, string> | undefined;
}
