import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import { inspectContract, type Shown } from '../../webview/inspect/messages.ts';
import { coalesce } from '../coalesce.ts';
import { type Engine, translations } from '../engine.ts';
import { logError } from '../log.ts';
import { connectWebview, type WebviewConnection, type WebviewDeps } from '../panels/webviewPanel.ts';
import type { Trails } from '../trails.ts';
import { asGlob } from '../watchPatterns.ts';
import { diffShown } from './diffShown.ts';
import { fileOf, Places } from './locate.ts';
import { inspectSession } from './session.ts';
import { trailStrip } from './trailStrip.ts';

export interface InspectDeps extends WebviewDeps {
  readonly trails: Trails;
  readonly engine: Engine;
}

/** Of files that nothing else shows, and of those that other editors may show too: package.json says which are whose. */
const viewTypes = { own: 'modeltrail.inspect', other: 'modeltrail.inspectOther' } as const;
const ownEndings = /\.(safetensors|gguf)$/i;

/** How soon a file that is being written is looked at again, in milliseconds. */
const [quiet, latest] = [400, 3000];

interface OpenPage {
  readonly uri: vscode.Uri;
  readonly panel: vscode.WebviewPanel;
  readonly connection: WebviewConnection<typeof inspectContract>;
  /** Whether it has asked what to show, and so can be told. */
  isLoaded: boolean;
  shown: Shown;
}

/** The read-only editor that shows what is inside a model. */
export class InspectEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #deps: InspectDeps;
  readonly #places: Places;
  readonly #open = new Set<OpenPage>();
  /** By its file, what the user asked to see and no page has asked for yet. */
  readonly #asked = new Map<string, Shown>();
  readonly #changed = new vscode.EventEmitter<void>();

  /** Another page is active, or it shows something else. */
  readonly onDidChangeShown = this.#changed.event;

  constructor(deps: InspectDeps) {
    this.#deps = deps;
    this.#places = new Places(deps.trails, deps.engine);
  }

  register(): vscode.Disposable {
    const options: Parameters<typeof vscode.window.registerCustomEditorProvider>[2] = {
      supportsMultipleEditorsPerDocument: true,
      webviewOptions: { retainContextWhenHidden: false },
    };
    return vscode.Disposable.from(
      this.#changed,
      ...Object.values(viewTypes).map((viewType) =>
        vscode.window.registerCustomEditorProvider(viewType, this, options),
      ),
    );
  }

  /** Opens a model, or brings it to the front, at one of its versions if one is given. */
  async show(file: vscode.Uri, version?: ContentId, preserveFocus = false): Promise<void> {
    const key = file.toString();
    const shown = version ?? null;
    this.#asked.set(key, shown);
    const viewType = ownEndings.test(file.path) ? viewTypes.own : viewTypes.other;
    // Those who go from model to model want one tab, not one of each.
    await vscode.commands.executeCommand('vscode.openWith', file, viewType, { preview: true, preserveFocus });
    const pages = [...this.#open].filter(({ uri, panel }) => uri.toString() === key && panel.visible);
    // A page that is only being loaded asks for it as it starts; if none is, nobody will.
    const loaded = pages.filter(({ isLoaded }) => isLoaded);
    for (const { connection } of loaded) connection.tell('show', shown);
    if (loaded.length > 0 && loaded.length === pages.length) this.#asked.delete(key);
  }

  /** The version that the active page shows of a file; undefined when that is the file as it is. */
  activeVersion(file: vscode.Uri): ContentId | undefined {
    const active = [...this.#open].find(({ panel }) => panel.active);
    return active?.uri.toString() === file.toString() ? (active.shown ?? undefined) : undefined;
  }

  #takeAsked(uri: vscode.Uri): Shown | undefined {
    const asked = this.#asked.get(uri.toString());
    this.#asked.delete(uri.toString());
    return asked;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose() {} };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const { trails, log } = this.#deps;
    const find = () => this.#places.locate(uri, panel);
    const kind = { viewType: 'modeltrail.inspect', bundle: 'inspect', contract: inspectContract };
    const connection = connectWebview(
      panel,
      kind,
      this.#deps,
      inspectSession(uri, {
        locate: find,
        takeAsked: () => {
          page.isLoaded = true;
          return this.#takeAsked(uri);
        },
        shows: (shown) => {
          page.shown = shown;
          this.#changed.fire();
        },
        diff: diffShown,
        reopen: async () => void (await vscode.commands.executeCommand('workbench.action.reopenWithEditor')),
        rollBack: async (file) => void (await vscode.commands.executeCommand('modeltrail.rollBack', file)),
        folderOf: (file) => {
          const name = vscode.workspace.asRelativePath(file);
          return name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '';
        },
        translations,
      }),
    );
    const page: OpenPage = { uri, panel, connection, isLoaded: false, shown: null };
    this.#open.add(page);

    const tellTrail = async (): Promise<void> => {
      try {
        connection.tell('trail', await trailStrip(await find()));
      } catch (error) {
        logError(log, error);
      }
    };
    const fileChanged = coalesce(() => connection.tell('fileChanged', Date.now()), quiet, latest);
    const watching = vscode.Disposable.from(
      watchFile(fileOf(uri), fileChanged),
      trails.onDidChange(() => void tellTrail()),
      panel.onDidChangeViewState(() => {
        // What is hidden is loaded anew when it shows again.
        if (!panel.visible) page.isLoaded = false;
        this.#changed.fire();
      }),
      { dispose: fileChanged.cancel },
    );
    panel.onDidDispose(() => {
      this.#open.delete(page);
      watching.dispose();
      void this.#places.leave(panel).catch((error: unknown) => log.warn(messageOf(error)));
    });
  }
}

/** A pattern that names one file has its folder watched, and no other. */
function watchFile(file: vscode.Uri, changed: () => void): vscode.Disposable {
  if (file.scheme !== 'file') return new vscode.Disposable(() => {});
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.joinPath(file, '..'), asGlob(name)),
  );
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(changed),
    watcher.onDidCreate(changed),
    watcher.onDidDelete(changed),
  );
}
