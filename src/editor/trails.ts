import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { messageOf, TrailError } from '../core/errors.ts';
import type { TrailChange } from '../trail/api/models.ts';
import type { Engine } from './engine.ts';
import { foldersOnDisk, missingFolders, rootAsShown, settingsOf } from './folders.ts';
import { gitPath } from './gitBinary.ts';
import { logError } from './log.ts';
import { type ModelRef, OpenTrail } from './openTrail.ts';

/** A folder of the workspace that could not be opened. */
export interface FailedFolder {
  readonly folder: vscode.WorkspaceFolder;
  readonly message: string;
}

/** `trails`: other trails than before are open. */
export interface TrailsEvent {
  readonly trail?: OpenTrail;
  readonly change: TrailChange | 'trails';
}

interface Opened {
  /** By their roots. */
  readonly trails: ReadonlyMap<string, OpenTrail>;
  readonly failed: readonly FailedFolder[];
}

/** The trails of the workspace's folders: opened when first asked for, and anew when folders, trust or settings change. */
export class Trails implements vscode.Disposable {
  readonly #engine: Engine;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<TrailsEvent>();
  readonly #didOpen = new vscode.EventEmitter<readonly OpenTrail[]>();
  readonly #subscriptions: vscode.Disposable;
  #opening: Promise<readonly OpenTrail[]> | undefined;
  #lastTurn: Promise<unknown> = Promise.resolve();
  /** Raised when all has to be opened anew, also while it is being opened. */
  #generation = 0;
  #isFirst = true;
  /** Opened for folders that were others before all were open. */
  readonly #overtaken: OpenTrail[] = [];
  #opened: readonly OpenTrail[] = [];
  #failed: readonly FailedFolder[] = [];
  /** The folders that were not there when all were opened. */
  #missing: readonly string[] = [];

  readonly onDidChange = this.#changed.event;
  readonly onDidOpen = this.#didOpen.event;

  constructor(engine: Engine, log: vscode.LogOutputChannel) {
    this.#engine = engine;
    this.#log = log;
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.reopen()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.reopen()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        const isOurs = ['modeltrail', gitPath].some((section) => event.affectsConfiguration(section));
        if (isOurs) this.reopen();
      }),
      engine.onDidChange(({ root, change }) => {
        const trail = this.#opened.find((trail) => trail.root === root);
        if (trail) this.announce(trail, change);
      }),
    );
  }

  /** What is open now, without opening anything. */
  get opened(): readonly OpenTrail[] {
    return this.#opened;
  }
  get failed(): readonly FailedFolder[] {
    return this.#failed;
  }

  open(): Promise<readonly OpenTrail[]> {
    return (this.#opening ??= this.#openInTurn());
  }

  /** One after the other: of two that open a folder at once, the engine would have the one that ends last. */
  #openInTurn(): Promise<readonly OpenTrail[]> {
    const generation = this.#generation;
    const turn = this.#lastTurn.then(() => this.#openAll(() => generation !== this.#generation));
    this.#lastTurn = turn.catch(() => undefined);
    return turn.then((opened) => opened ?? this.open());
  }

  reopen(): void {
    // What nobody has asked for yet, nobody shows.
    if (!this.#opening) return;
    this.#opening = undefined;
    this.#generation++;
    this.#changed.fire({ change: 'trails' });
  }

  /** Opens all anew when a folder is gone that was there, or there that was not. @returns whether others are open than before, or will be */
  async followFolders(): Promise<boolean> {
    const opened = await this.open();
    const missing = await missingFolders();
    if (opened !== this.#opened) return true;
    if (isDeepStrictEqual(missing, this.#missing)) return false;
    this.reopen();
    return true;
  }

  /** Has everyone ask anew what they show of a trail. */
  announce(trail: OpenTrail, change: TrailChange = 'workingCopies'): void {
    trail.forget();
    this.#changed.fire({ trail, change });
  }

  /** The model that a file is, if it is one. */
  async find(uri: vscode.Uri): Promise<ModelRef | undefined> {
    if (uri.scheme !== 'file') return undefined;
    for (const trail of await this.open()) {
      // Of every file that is looked at it is asked.
      const path = trail.pathOf(uri);
      if (path === undefined) continue;
      if ((await trail.models()).some((row) => row.path === path)) return { trail, path };
    }
    return undefined;
  }

  /** @returns undefined when folders are others by now, or settings */
  async #openAll(isOvertaken: () => boolean): Promise<readonly OpenTrail[] | undefined> {
    if (isOvertaken()) return undefined;
    const folders = foldersOnDisk();
    const missing = await missingFolders();
    const before = this.#isFirst ? await this.#asBefore(folders) : undefined;
    this.#isFirst = false;
    const { trails, failed } = before ?? (await this.#openEach(folders, isOvertaken));
    if (isOvertaken()) {
      this.#overtaken.push(...trails.values());
      return undefined;
    }
    const previous = [...this.#opened, ...this.#overtaken.splice(0)];
    this.#opened = [...trails.values()];
    this.#failed = failed;
    this.#missing = missing;
    for (const trail of previous) if (!trails.has(trail.root)) void trail.api.close().catch(() => undefined);
    this.#didOpen.fire(this.#opened);
    return this.#opened;
  }

  /** The trails as they were the last time, if that is known of all: rows show at once, and the engine opens them meanwhile. */
  async #asBefore(folders: readonly vscode.WorkspaceFolder[]): Promise<Opened | undefined> {
    const trails = new Map<string, OpenTrail>();
    for (const folder of folders) {
      if (await this.#isIn(trails, folder)) continue;
      const settings = settingsOf(folder);
      const before = await this.#engine.trailBefore(folder.uri.fsPath, settings);
      if (!before) return undefined;
      const { trail: api, rows } = before;
      const base = await rootAsShown(folder.uri.fsPath, api.root);
      trails.set(api.root, new OpenTrail(api, base, settings, rows));
    }
    // What is wrong shows when they are opened without what was known; one that was closed meanwhile is missed by nobody.
    const failed = (error: unknown): unknown => TrailError.is(error, 'cancelled') || this.reopen();
    for (const { api } of trails.values())
      void api.opening().then((root) => root === api.root || this.reopen(), failed);
    return { trails, failed: [] };
  }

  async #openEach(folders: readonly vscode.WorkspaceFolder[], isOvertaken: () => boolean): Promise<Opened> {
    const trails = new Map<string, OpenTrail>();
    const failed: FailedFolder[] = [];
    // One after the other: folders that share a trail must not open it twice at once.
    for (const folder of folders) {
      if (isOvertaken()) break;
      try {
        if (await this.#isIn(trails, folder)) continue;
        const settings = settingsOf(folder);
        const api = await this.#engine.openTrail(folder.uri.fsPath, settings);
        const base = await rootAsShown(folder.uri.fsPath, api.root);
        trails.set(api.root, new OpenTrail(api, base, settings));
      } catch (error) {
        logError(this.#log, error);
        failed.push({ folder, message: messageOf(error) });
      }
    }
    return { trails, failed };
  }

  /** Whether a folder is in a trail that another one opened: that one's settings are those of the trail. */
  async #isIn(trails: ReadonlyMap<string, OpenTrail>, { uri }: vscode.WorkspaceFolder): Promise<boolean> {
    if (trails.size === 0) return false;
    // What is wrong with a folder shows when it is opened.
    const root = await this.#engine.rootOf(uri.fsPath).catch(() => undefined);
    return root !== undefined && trails.has(root);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
    this.#didOpen.dispose();
  }
}
