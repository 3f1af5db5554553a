// The page of the inspect editor over the real engine: what VS Code and the worker do between them, without either.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Uri } from 'vscode';
import { unattended } from '../../src/core/operation.ts';
import { inspectSession } from '../../src/editor/inspect/session.ts';
import type { OpenTrail } from '../../src/editor/openTrail.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';
import { inspectContract, type Shown } from '../../src/webview/inspect/messages.ts';
import type { TrailHandle } from '../../src/worker/client.ts';
import { plainArguments, type TrailMethod } from '../../src/worker/protocol.ts';
import type { WebviewThemeName } from './themes.ts';
import { openWebview, type OpenWebview, type ServedBundle } from './webviewPage.ts';

/** What the page asked its editor to do. */
export interface Asked {
  readonly diffs: (readonly [Shown, Shown])[];
  readonly copied: string[];
  readonly saved: (readonly [kind: string, text: string])[];
}

export interface InspectPage extends OpenWebview<typeof inspectContract>, Asked {
  readonly trail: Trail;
  row(name: string | RegExp): Locator;
  tab(name: string): Locator;
}

export interface InspectOptions {
  readonly theme?: WebviewThemeName;
  readonly width?: number;
  readonly height?: number;
  /** Takes the place of the engine's own. */
  readonly api?: (api: TrailHandle) => Partial<TrailHandle>;
  readonly asked?: Shown;
}

const settings = {
  include: ['**/*'],
  exclude: ['**/.git/**', '**/.modeltrail/**'],
  stages: [],
  trusted: true,
};

export async function openInspect(
  browser: Browser,
  bundle: ServedBundle,
  { folder, model }: { readonly folder: string; readonly model: string },
  { api: changes, asked, ...options }: InspectOptions = {},
): Promise<InspectPage> {
  const trail = await openTrail(folder, settings);
  await trail.refresh(unattended);
  await trail.checkWorkingCopies(unattended);
  const own = handleOf(trail);
  const api = { ...own, ...changes?.(own) };
  const done: Asked = { diffs: [], copied: [], saved: [] };
  const uri = { scheme: 'file', path: `${folder}/${model}`, fsPath: `${folder}/${model}` } as Uri;
  const session = inspectSession(uri, {
    locate: async () => ({ api, model, trail: { models: () => trail.models() } as unknown as OpenTrail }),
    asked: () => asked,
    willShow: () => {},
    diff: async (_place, a, b) => void done.diffs.push([a, b]),
    reopen: async () => {},
    folderOf: () => 'checkpoints/run-7',
  });
  const open = await openWebview(browser, bundle, {
    contract: inspectContract,
    handlers: {
      ...session,
      copy: (text) => void done.copied.push(text),
      save: (kind, text) => done.saved.push([kind, text]) > 0,
    },
    ...options,
  });
  const { page } = open;
  return {
    ...open,
    ...done,
    trail,
    row: (name) => page.getByRole('row', { name }).first(),
    tab: (name) => page.getByRole('tab', { name: new RegExp(`^${name}`) }),
  };
}

/** The engine as the editor has it, without the thread between them. */
export function handleOf(trail: Trail): TrailHandle {
  const methods = (Object.keys(plainArguments) as TrailMethod[]).map((name) => [
    name,
    (trail[name] as (...args: unknown[]) => unknown).bind(trail),
  ]);
  return {
    root: trail.root,
    close: () => trail.close(),
    ...(Object.fromEntries(methods) as Omit<TrailHandle, 'root' | 'close'>),
    async inspectText(target, operation) {
      const { record, ...rest } = await trail.inspect(target, operation);
      return { ...rest, json: JSON.stringify(record) };
    },
    diffText: async (a, b, operation) => JSON.stringify(await trail.diff(a, b, operation)),
  };
}

/** What a page that cannot be read aloud, or at all, has. */
export async function violations(page: Page): Promise<unknown[]> {
  const results = await new AxeBuilder({ page }).analyze();
  return results.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.failureSummary)]);
}
