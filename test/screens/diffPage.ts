// The page of the Diff panel over the real engine.
import type { Browser } from 'playwright-core';
import type { Uri } from 'vscode';
import { unattended } from '../../src/core/operation.ts';
import type { OpenTrail } from '../../src/editor/openTrail.ts';
import { diffSession } from '../../src/editor/panels/diffSession.ts';
import { knownSide, sidesOf } from '../../src/editor/panels/diffSides.ts';
import {
  diffContract,
  type FileKind,
  type SideKey,
  type SidePair,
  type Sides,
} from '../../src/webview/diff/messages.ts';
import { type EngineOptions, openEngine, partsOf, taken } from './enginePage.ts';
import { pageTests } from './pageTests.ts';
import { openWebview, type ServedBundle } from './webviewPage.ts';

/** @param references `MODEL@VERSION`, or `MODEL` for the working copy */
async function openDiff(
  browser: Browser,
  bundle: ServedBundle,
  folder: string,
  references: readonly [a: string, b: string],
  { api: changes, ...options }: EngineOptions = {},
) {
  const { trail, api } = await openEngine(folder, changes);
  const opened = {
    root: trail.root,
    api,
    models: () => trail.models(),
    uri: (model: string) => ({ fsPath: `${folder}/${model}` }) as Uri,
  } as unknown as OpenTrail;
  const keyOf = async (reference: string): Promise<SideKey> => {
    const { model, version } = await trail.resolve(reference);
    return { root: trail.root, model, version: version?.id };
  };
  let pair: SidePair = { a: await keyOf(references[0]), b: await keyOf(references[1]) };
  const sides = async (): Promise<Sides> =>
    sidesOf(pair, await knownSide([opened], pair.a), await knownSide([opened], pair.b));

  const { handlers, ...done } = taken<FileKind>();
  const inspected: SideKey[] = [];
  const openedAsText: SidePair[] = [];
  const session = diffSession({
    pair: () => pair,
    trails: async () => [opened],
    sides,
    swap: async () => {
      pair = { a: pair.b, b: pair.a };
      open.server.emit('sides', await sides());
    },
    openAsText: async () => void openedAsText.push(pair),
    inspect: async (key) => void inspected.push(key),
    translations: () => undefined,
  });
  const open = await openWebview(browser, bundle, {
    contract: diffContract,
    handlers: { ...session, ...handlers },
    ...options,
  });
  return {
    ...open,
    ...done,
    ...partsOf(open.page),
    inspected,
    openedAsText,
    trail,
    /** As the editor does after something changed on disk. */
    async refresh() {
      await trail.refresh(unattended);
      open.server.emit('sides', await sides());
    },
  };
}

/** @returns what opens the page in the tests of a file */
export function diffTests() {
  return pageTests('diff', openDiff);
}
