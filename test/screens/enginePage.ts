// What the pages that show what is inside models have of the engine: what VS Code and the engine's process do between them, without either.
import type { Locator, Page } from 'playwright-core';
import { unattended } from '../../src/core/operation.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';
import type { TrailHandle } from '../../src/engine/client.ts';
import { plainArguments, type TrailMethod } from '../../src/engine/protocol.ts';
import type { WebviewThemeName } from './themes.ts';

export interface EngineOptions {
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

export async function openEngine(
  folder: string,
  changes: EngineOptions['api'],
): Promise<{ readonly trail: Trail; readonly api: TrailHandle }> {
  const trail = await openTrail(folder, settings);
  await trail.refresh(unattended);
  await trail.checkWorkingCopies(unattended);
  const own = handleOf(trail);
  return { trail, api: { ...own, ...changes?.(own) } };
}

/** The engine as the editor has it, without the pipe between them. */
function handleOf(trail: Trail): TrailHandle {
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

/** What a user took out of a page. */
export function taken<K extends string>() {
  const copied: string[] = [];
  const saved: (readonly [kind: K, text: string])[] = [];
  const handlers = {
    copy: (text: string) => void copied.push(text),
    save: (kind: K, text: string) => saved.push([kind, text]) > 0,
  };
  return { copied, saved, handlers };
}

/** Rows and tabs of a page by their names. */
export function partsOf(page: Page) {
  return {
    row: (name: string | RegExp): Locator => page.getByRole('row', { name }).first(),
    tab: (name: string): Locator => page.getByRole('tab', { name: new RegExp(`^${name}`) }),
  };
}
