// The page of the Compare panel over versions that a test makes up.
import type { Browser, Locator, Page } from 'playwright-core';
import { compareSnapshot, keyOf } from '../../src/editor/panels/compareSnapshot.ts';
import {
  compareContract,
  type CompareSnapshot,
  type VersionKey,
} from '../../src/webview/compare/messages.ts';
import { churnVersions } from './compareVersions.ts';
import { pageTests } from './pageTests.ts';
import type { WebviewThemeName } from './themes.ts';
import { openWebview, type ServedBundle } from './webviewPage.ts';

interface CompareOptions {
  readonly theme?: WebviewThemeName;
  readonly width?: number;
  readonly translations?: Record<string, string>;
  readonly snapshot?: () => CompareSnapshot | Promise<CompareSnapshot>;
}

async function openCompare(
  browser: Browser,
  bundle: ServedBundle,
  { translations, snapshot = () => snapshotOf(churnVersions), ...options }: CompareOptions = {},
) {
  const revealed: VersionKey[] = [];
  const copied: string[] = [];
  const newest: (readonly [VersionKey, number])[] = [];
  const diffs: (readonly [VersionKey, VersionKey])[] = [];
  const open = await openWebview(browser, bundle, {
    contract: compareContract,
    handlers: {
      translations: () => translations ?? null,
      snapshot,
      reveal: (key) => void revealed.push(key),
      compareNewest: (key, count) => void newest.push([key, count]),
      diff: (a, b) => void diffs.push([a, b]),
      copy: (text) => void copied.push(text),
    },
    ...options,
  });
  return { ...open, revealed, copied, newest, diffs };
}

/** @returns what opens the page in the tests of a file */
export function compareTests() {
  return pageTests('compare', openCompare);
}

export function snapshotOf(versions: Parameters<typeof compareSnapshot>[1]): CompareSnapshot {
  return compareSnapshot(versions.map(keyOf), versions);
}

export function chart(page: Page, metric: string): Locator {
  return page.getByRole('application', { name: new RegExp(`^${metric}:`) });
}
