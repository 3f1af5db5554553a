// The page of the Diff panel over the real engine: what VS Code and the worker do between them, without either.
import type { Browser, Locator } from 'playwright-core';
import type { Uri } from 'vscode';
import { unattended } from '../../src/core/operation.ts';
import type { OpenTrail } from '../../src/editor/openTrail.ts';
import { diffSession } from '../../src/editor/panels/diffSession.ts';
import { knownSide, sidesOf } from '../../src/editor/panels/diffSides.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';
import {
  diffContract,
  type FileKind,
  type SideKey,
  type SidePair,
  type Sides,
} from '../../src/webview/diff/messages.ts';
import type { TrailHandle } from '../../src/worker/client.ts';
import { handleOf } from './inspectPage.ts';
import type { WebviewThemeName } from './themes.ts';
import { openWebview, type OpenWebview, type ServedBundle } from './webviewPage.ts';

export interface DiffPage extends OpenWebview<typeof diffContract> {
  readonly trail: Trail;
  readonly copied: string[];
  readonly saved: (readonly [kind: FileKind, text: string])[];
  readonly inspected: SideKey[];
  readonly openedAsText: SidePair[];
  row(name: string | RegExp): Locator;
  tab(name: string): Locator;
  /** As the editor does after something changed on disk. */
  refresh(): Promise<void>;
}

export interface DiffOptions {
  readonly theme?: WebviewThemeName;
  readonly width?: number;
  readonly height?: number;
  /** Takes the place of the engine's own. */
  readonly api?: (api: TrailHandle) => Partial<TrailHandle>;
}

const settings = {
  include: ['**/*'],
  exclude: ['**/.git/**', '**/.modeltrail/**'],
  stages: [],
  trusted: true,
};

/** @param references `MODEL@VERSION`, or `MODEL` for the working copy */
export async function openDiff(
  browser: Browser,
  bundle: ServedBundle,
  folder: string,
  references: readonly [a: string, b: string],
  { api: changes, ...options }: DiffOptions = {},
): Promise<DiffPage> {
  const trail = await openTrail(folder, settings);
  await trail.refresh(unattended);
  await trail.checkWorkingCopies(unattended);
  const own = handleOf(trail);
  const opened = {
    root: trail.root,
    api: { ...own, ...changes?.(own) },
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

  const done: Pick<DiffPage, 'copied' | 'saved' | 'inspected' | 'openedAsText'> = {
    copied: [],
    saved: [],
    inspected: [],
    openedAsText: [],
  };
  const session = diffSession({
    pair: () => pair,
    trails: async () => [opened],
    sides,
    swap: async () => {
      pair = { a: pair.b, b: pair.a };
      open.server.emit('sides', await sides());
    },
    openAsText: async () => void done.openedAsText.push(pair),
    inspect: async (key) => void done.inspected.push(key),
    translations: () => undefined,
  });
  const open = await openWebview(browser, bundle, {
    contract: diffContract,
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
    async refresh() {
      await trail.refresh(unattended);
      open.server.emit('sides', await sides());
    },
  };
}
