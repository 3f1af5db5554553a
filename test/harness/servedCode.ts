// Runs an extension's tests in a served VS Code, from the arguments that the desktop VS Code takes. See `served-code`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from './chromium.ts';
import { currentVersion, ensureServedEditor, isEditorVersion } from './servedEditor.ts';
import { startServer } from './server.ts';
import { workbenchUrl, type WorkbenchTarget } from './workbenchUrl.ts';

const minutes = 5;

// Not strict: the arguments for the desktop alone, such as --no-sandbox, are passed over.
const { values, positionals } = parseArgs({ allowPositionals: true, strict: false });
const option = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);

const cleanups: (() => Promise<unknown>)[] = [];
let exiting = false;
async function exit(code: number): Promise<void> {
  if (exiting) return; // the clean-up itself makes the tests fail
  exiting = true;
  for (const cleanup of cleanups.reverse()) await cleanup().catch(() => undefined);
  process.exit(code);
}
process.once('SIGINT', () => void exit(130));
process.once('SIGTERM', () => void exit(143));

try {
  const version = process.env['MODELTRAIL_EDITOR_VERSION'] ?? currentVersion;
  if (!isEditorVersion(version)) throw new Error(`There is no served VS Code ${version}.`);
  const editor = await ensureServedEditor(version);

  let userDataDir = option('user-data-dir');
  if (userDataDir === undefined) {
    const temporary = (userDataDir = await mkdtemp(path.join(tmpdir(), 'served-code-')));
    cleanups.push(() => rm(temporary, { recursive: true, force: true, maxRetries: 5 }));
  }
  const server = await startServer(editor, {
    userDataDir,
    extensionsDir: option('extensions-dir') ?? path.join(userDataDir, 'extensions'),
    runsTests: true,
    workspaceTrust: values['disable-workspace-trust'] !== true,
  });
  cleanups.push(() => server.stop());

  const code = await runTests(server.address, {
    folder: positionals[0],
    extensionDevelopmentPath: option('extensionDevelopmentPath'),
    extensionTestsPath: option('extensionTestsPath'),
  });
  await exit(code);
} catch (error) {
  if (!exiting) console.error(error instanceof Error ? error.message : error);
  await exit(1);
}

async function runTests(address: string, target: WorkbenchTarget): Promise<number> {
  const browser = await launchChromium();
  cleanups.push(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const result = new Promise<number>((resolve, reject) => {
    page.once('crash', () => reject(new Error('The page of the served VS Code crashed.')));
    browser.once('disconnected', () => reject(new Error('Chromium ended before the tests did.')));
    const limit = `The tests were not over after ${minutes} minutes. The log above says how far they came.`;
    setTimeout(() => reject(new Error(limit)), minutes * 60_000).unref();
    void page.exposeFunction('codeAutomationExit', resolve);
  });
  result.catch(() => undefined); // it may fail while the page is still loading: awaited below
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    console.log(...(type === 'error' || type === 'warn' ? [`${type}:`, ...args] : args));
  });
  await page.goto(workbenchUrl(address, target));
  return result;
}
