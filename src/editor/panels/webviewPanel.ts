import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import { type Contract, type Handlers, serve } from '../../rpc/contract.ts';
import { reportError } from '../longOperation.ts';
import { webviewHtml } from './webviewHtml.ts';

/** A kind of webview: a panel, or what a custom editor shows. */
export interface WebviewKind<C extends Contract> {
  readonly viewType: string;
  /** The page's `NAME.js` and `NAME.css` in dist/webview. */
  readonly bundle: string;
  /** Of the tab: `NAME-light.svg` and `NAME-dark.svg` in media/tabs. Absent in a custom editor, whose tab has the file's. */
  readonly icon?: string;
  readonly contract: C;
}

export interface WebviewDeps {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

export interface WebviewConnection<C extends Contract> {
  /**
   * Tells the page. While it is hidden there is none: what was told last of each event follows when it shows again, so every
   * value must be whole, not a change to the one before.
   */
  tell<K extends keyof C['events'] & string>(name: K, value: v.InferOutput<C['events'][K]>): void;
}

export function createPanel(
  kind: WebviewKind<Contract>,
  title: string,
  column: vscode.ViewColumn = vscode.ViewColumn.Active,
): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(kind.viewType, title, column, {
    enableFindWidget: true,
    retainContextWhenHidden: false,
  });
}

/** Brings panels back after a reload of the window, with the state that their page kept last, if it still fits. */
export function restorePanels<S extends v.GenericSchema>(
  kind: WebviewKind<Contract>,
  stateSchema: S,
  restore: (panel: vscode.WebviewPanel, state: v.InferOutput<S> | undefined) => void,
): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(kind.viewType, {
    async deserializeWebviewPanel(panel, state) {
      const parsed = v.safeParse(stateSchema, state);
      restore(panel, parsed.success ? parsed.output : undefined);
    },
  });
}

/** Loads the page into a new or restored panel and answers its calls for as long as the panel lives. */
export function connectWebview<C extends Contract>(
  panel: vscode.WebviewPanel,
  kind: WebviewKind<C>,
  deps: WebviewDeps,
  handlers: Handlers<C>,
): WebviewConnection<C> {
  const { webview } = panel;
  const pipe = {
    post: (message: unknown) => void webview.postMessage(message),
    listen(receive: (message: unknown) => void) {
      const listener = webview.onDidReceiveMessage(receive);
      return () => listener.dispose();
    },
  };
  const server = serve(kind.contract, pipe, logged(kind, handlers, deps.log));
  const waiting = new Map<string, () => void>();
  const visibility = panel.onDidChangeViewState(() => {
    if (!panel.visible) return;
    for (const tell of waiting.values()) tell();
    waiting.clear();
  });
  panel.onDidDispose(() => {
    visibility.dispose();
    server.dispose();
  });

  if (kind.icon !== undefined) {
    const iconFor = (theme: string) =>
      vscode.Uri.joinPath(deps.extensionUri, 'media', 'tabs', `${kind.icon}-${theme}.svg`);
    panel.iconPath = { light: iconFor('light'), dark: iconFor('dark') };
  }
  const folder = vscode.Uri.joinPath(deps.extensionUri, 'dist', 'webview');
  const uriOf = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [folder] };
  webview.html = webviewHtml({
    language: vscode.env.language,
    title: panel.title,
    scriptUri: uriOf(`${kind.bundle}.js`),
    styleUri: uriOf(`${kind.bundle}.css`),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64url'),
  });

  return {
    tell(name, value) {
      if (panel.visible) server.emit(name, value);
      else waiting.set(name, () => server.emit(name, value));
    },
  };
}

/** The page shows what went wrong with what it was to be told, and the log keeps where; what was to be done shows nowhere else. */
function logged<C extends Contract>(
  { viewType, contract }: WebviewKind<C>,
  handlers: Handlers<C>,
  log: vscode.LogOutputChannel,
): Handlers<C> {
  type Handler = (...args: unknown[]) => unknown;
  const wrapped = Object.entries(handlers as Record<string, Handler>).map(([name, handler]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await handler(...args);
      } catch (error) {
        const isAction = contract.calls[name]?.result.type === 'undefined';
        if (isAction) reportError(log, error);
        else if (!TrailError.is(error, 'cancelled'))
          log.error(`${viewType}: ${name} failed`, error instanceof Error ? error : String(error));
        throw error;
      }
    },
  ]);
  return Object.fromEntries(wrapped) as Handlers<C>;
}
