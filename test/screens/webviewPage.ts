// A webview's page in a plain Chromium, with a host in this process: what VS Code does around it, without VS Code.
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { webviewHtml } from '../../src/editor/panels/webviewHtml.ts';
import { type Contract, type Handlers, serve, type Server } from '../../src/rpc/contract.ts';
import { repositoryRoot } from '../harness/paths.ts';
import { webviewThemes, type WebviewThemeName } from './themes.ts';

export interface ServedBundle {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds `src/webview/NAME` and serves it in the page that the editor would make, with the same content security policy. */
export async function serveBundle(name: string): Promise<ServedBundle> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mt-webview-'));
  await build({
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: { [name]: path.join(repositoryRoot, `src/webview/${name}/main.tsx`) },
    outdir: folder,
    logLevel: 'warning',
  });
  const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };
  const server = createServer((request, response) => {
    const origin = `http://${request.headers.host}`;
    const type = types[path.extname(request.url ?? '')];
    if (type === undefined) {
      const nonce = randomBytes(16).toString('base64url');
      const uris = {
        scriptUri: `${origin}/${name}.js`,
        styleUri: `${origin}/${name}.css`,
        cspSource: origin,
      };
      response.setHeader('content-type', 'text/html');
      response.end(webviewHtml({ language: 'en', title: name, nonce, ...uris }));
      return;
    }
    response.setHeader('content-type', type);
    readFile(path.join(folder, path.basename(request.url ?? ''))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export interface OpenWebview<C extends Contract> {
  readonly page: Page;
  readonly server: Server<C>;
  /** Errors on the console, violations of the content security policy among them. */
  readonly errors: readonly string[];
  /** Sends anything, as a broken host might. */
  sendRaw(message: unknown): Promise<void>;
  setTheme(theme: WebviewThemeName): Promise<void>;
  /** Of the whole page, or what is in view, when all charts are drawn. */
  screenshot(name: string, whole?: boolean): Promise<void>;
}

export interface WebviewOptions<C extends Contract> {
  readonly contract: C;
  readonly handlers: Handlers<C>;
  readonly theme?: WebviewThemeName;
  readonly width?: number;
  readonly height?: number;
}

export async function openWebview<C extends Contract>(
  browser: Browser,
  bundle: ServedBundle,
  { contract, handlers, theme = 'dark', width = 1200, height = 900 }: WebviewOptions<C>,
): Promise<OpenWebview<C>> {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));

  // What crosses to a webview is JSON.
  const sendRaw = (message: unknown) =>
    page.evaluate((json) => window.postMessage(JSON.parse(json), '*'), JSON.stringify(message));
  let receive: (message: unknown) => void = () => {};
  const pipe = {
    // A page that is being reloaded hears nothing.
    post: (message: unknown) => void sendRaw(message).catch(() => undefined),
    listen(listener: (message: unknown) => void) {
      receive = listener;
      return () => (receive = () => {});
    },
  };
  const server = serve(contract, pipe, handlers);
  await page.exposeFunction('postToHost', (json: string) => receive(JSON.parse(json)));
  await page.addInitScript(setUpPage);
  const setTheme = (name: WebviewThemeName) => page.evaluate(applyTheme, webviewThemes[name]);
  await page.addInitScript(applyTheme, webviewThemes[theme]);
  await page.goto(bundle.url);

  let current = theme;
  return {
    page,
    server,
    errors,
    sendRaw,
    setTheme(name) {
      current = name;
      return setTheme(name);
    },
    async screenshot(name, whole = true) {
      const folder = path.join(repositoryRoot, 'test-results/screens', current);
      await mkdir(folder, { recursive: true });
      await page.waitForFunction(isPainted);
      await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: whole });
    },
  };
}

/** Runs in the page. Whether there is something on every canvas: an empty chart would look well in a test and in no editor. */
function isPainted(): boolean {
  return [...document.querySelectorAll('canvas')].every((canvas) => {
    const { width, height } = canvas;
    if (width * height === 0) return true;
    return canvas
      .getContext('2d')
      ?.getImageData(0, 0, width, height)
      .data.some((value) => value !== 0);
  });
}

/** Runs in the page. */
function setUpPage(): void {
  const stateKey = 'state';
  const api = {
    postMessage: (message: unknown) =>
      (window as unknown as { postToHost(json: string): void }).postToHost(JSON.stringify(message)),
    getState: () => JSON.parse(sessionStorage.getItem(stateKey) ?? 'null') as unknown,
    setState: (state: unknown) => sessionStorage.setItem(stateKey, JSON.stringify(state)),
  };
  Object.assign(window, { acquireVsCodeApi: () => api });
}

/** Runs in the page. */
function applyTheme(theme: { className: string; colors: Readonly<Record<string, string>> }): void {
  function apply(): void {
    const { style } = document.documentElement;
    style.cssText = '';
    for (const [name, value] of Object.entries(theme.colors)) style.setProperty(`--vscode-${name}`, value);
    style.setProperty('--vscode-font-family', 'system-ui, "DejaVu Sans", sans-serif');
    style.setProperty('--vscode-font-size', '13px');
    style.setProperty('--vscode-font-weight', 'normal');
    document.body.className = theme.className;
  }
  if (document.body) apply();
  else
    new MutationObserver((_, observer) => {
      if (!document.body) return;
      observer.disconnect();
      apply();
    }).observe(document, { childList: true, subtree: true });
}
