// Draws media/icon.png, which the extension's page shows, from media/icon.svg: `node scripts/drawIcon.ts`.
import { readFile } from 'node:fs/promises';
import { launchChromium } from '../test/harness/chromium.ts';

const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
await page.setContent(
  `<style>body { margin: 0 } svg { display: block }</style>${await readFile('media/icon.svg', 'utf8')}`,
);
await page.screenshot({ path: 'media/icon.png', omitBackground: true });
await browser.close();
