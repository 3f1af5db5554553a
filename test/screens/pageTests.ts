import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium } from '../harness/chromium.ts';
import { serveBundle, type ServedBundle } from './webviewPage.ts';

interface OpenedPage {
  readonly page: Page;
  readonly server: { dispose(): void };
  readonly trail?: { close(): Promise<void> };
}

/** @returns what opens the page in the tests of a file; it is closed after each */
export function pageTests<P extends OpenedPage, A extends readonly unknown[]>(
  name: string,
  open: (browser: Browser, bundle: ServedBundle, ...args: A) => Promise<P>,
): (...args: A) => Promise<P> {
  let browser: Browser;
  let bundle: ServedBundle;
  const opened: OpenedPage[] = [];
  beforeAll(async () => {
    [browser, bundle] = await Promise.all([launchChromium(), serveBundle(name)]);
  });
  afterAll(async () => {
    await browser?.close();
    await bundle?.close();
  });
  afterEach(async () => {
    for (const { server, page, trail } of opened.splice(0)) {
      server.dispose();
      await page.context().close();
      await trail?.close();
    }
  });
  return async (...args) => {
    const one = await open(browser, bundle, ...args);
    opened.push(one);
    return one;
  };
}
