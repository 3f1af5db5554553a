// The page of the inspect editor over the real engine.
import type { Browser } from 'playwright-core';
import type { Uri } from 'vscode';
import { inspectSession } from '../../src/editor/inspect/session.ts';
import type { OpenTrail } from '../../src/editor/openTrail.ts';
import { inspectContract, type Shown } from '../../src/webview/inspect/messages.ts';
import { type EngineOptions, openEngine, partsOf, taken } from './enginePage.ts';
import { pageTests } from './pageTests.ts';
import { openWebview, type ServedBundle } from './webviewPage.ts';

export interface InspectOptions extends EngineOptions {
  readonly asked?: Shown;
  readonly translations?: Record<string, string>;
}

async function openInspect(
  browser: Browser,
  bundle: ServedBundle,
  { folder, model }: { readonly folder: string; readonly model: string },
  { api: changes, asked, translations, ...options }: InspectOptions = {},
) {
  const { trail, api } = await openEngine(folder, changes);
  const { handlers, ...done } = taken<string>();
  const rolledBack: string[] = [];
  const diffs: (readonly [Shown, Shown])[] = [];
  let toShow = asked;
  const uri = { scheme: 'file', path: `${folder}/${model}`, fsPath: `${folder}/${model}` } as Uri;
  const session = inspectSession(uri, {
    locate: async () => ({ api, model, trail: { models: () => trail.models() } as unknown as OpenTrail }),
    takeAsked: () => {
      const taken = toShow;
      toShow = undefined;
      return taken;
    },
    shows: () => {},
    diff: async (_place, a, b) => void diffs.push([a, b]),
    reopen: async () => {},
    rollBack: async () => void rolledBack.push(model),
    folderOf: () => 'checkpoints/run-7',
    translations: () => translations,
  });
  const open = await openWebview(browser, bundle, {
    contract: inspectContract,
    handlers: { ...session, ...handlers },
    ...options,
  });
  return {
    ...open,
    ...done,
    ...partsOf(open.page),
    diffs,
    rolledBack,
    trail,
    ask: (shown: Shown) => (toShow = shown),
  };
}

/** @returns what opens the page in the tests of a file */
export function inspectTests() {
  return pageTests('inspect', openInspect);
}
