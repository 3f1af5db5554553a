import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { launchChromium } from '../test/harness/chromium.ts';
import { currentVersion, ensureServedEditor } from '../test/harness/servedEditor.ts';
import { startServer } from '../test/harness/server.ts';
import { workbenchUrl } from '../test/harness/workbenchUrl.ts';

/** Where a script in the editor leaves what it measured. */
export const resultVariable = 'MODELTRAIL_BENCH_RESULT';

export interface EditorRun {
  readonly extension: string;
  /** A bundle that exports `run()`. */
  readonly script: string;
  readonly workspace: string;
  /** Each in a window, and an extension host, of its own. */
  readonly rounds: number;
  /** For the server's own files. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a script in the extension host of a real VS Code. @returns what it measured in each round */
export async function inExtensionHost<T>(options: EditorRun): Promise<T[]> {
  const userDataDir = mkdtempSync(path.join(options.folder, 'editor-'));
  const resultFile = path.join(userDataDir, 'result.json');
  const server = await startServer(await ensureServedEditor(currentVersion), {
    userDataDir,
    extensionsDir: path.join(userDataDir, 'extensions'),
    runsTests: true,
    env: { ...options.env, [resultVariable]: resultFile },
  });
  const browser = await launchChromium();
  try {
    const url = workbenchUrl(server.address, {
      folder: options.workspace,
      extensionDevelopmentPath: options.extension,
      extensionTestsPath: options.script,
    });
    const results: T[] = [];
    for (let round = 0; round < options.rounds; round++) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const log: string[] = [];
      const ended = new Promise<number>((resolve) => void page.exposeFunction('codeAutomationExit', resolve));
      await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) =>
        log.push(args.join(' ')),
      );
      await page.goto(url);
      if ((await ended) !== 0) throw new Error(`The script in the editor failed:\n${log.join('\n')}`);
      results.push(JSON.parse(readFileSync(resultFile, 'utf8')) as T);
      rmSync(resultFile);
      await page.close();
    }
    return results;
  } finally {
    await browser.close();
    await server.stop();
  }
}
