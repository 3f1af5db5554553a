// Runs test/editor in a real VS Code: `node test/harness/runEditorSuite.ts [VERSION]`, after a build.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron';
import type { EditorResult } from './editorResult.ts';
import { repositoryRoot } from './paths.ts';
import { currentVersion, isEditorVersion } from './servedEditor.ts';
import { makeTestRepository } from './testRepository.ts';

const version = process.argv[2] ?? currentVersion;
if (!isEditorVersion(version)) throw new Error(`There is no served VS Code ${version}.`);
const suite = path.join(repositoryRoot, 'dist/test/index.cjs');
if (!existsSync(suite)) throw new Error('There is no dist/test/index.cjs: run `npm run build` first.');

const temporary = await mkdtemp(path.join(tmpdir(), 'mt-editor-'));
const workspace = path.join(temporary, 'work space');
const resultFile = path.join(temporary, 'result.json');
makeTestRepository(workspace);
// To a workspace that is a file, folders can be added without the extension host starting anew.
const workspaceFile = path.join(temporary, 'suite.code-workspace');
// Packing would come whenever a test takes its time.
const settings = { 'modeltrail.store.packWhenIdle': false };
await writeFile(workspaceFile, JSON.stringify({ folders: [{ path: workspace }], settings }));

let log = '';
const intoLog = () => new Writable({ write: (data, _encoding, done) => ((log += String(data)), done()) });
try {
  const vscodeExecutablePath = (await desktopEditor()) ?? path.join(import.meta.dirname, 'served-code');
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: repositoryRoot,
    extensionTestsPath: suite,
    launchArgs: [
      workspaceFile,
      '--disable-extensions',
      `--user-data-dir=${path.join(temporary, 'data')}`,
      `--extensions-dir=${path.join(temporary, 'extensions')}`,
    ],
    extensionTestsEnv: { MODELTRAIL_EDITOR_VERSION: version, MODELTRAIL_EDITOR_RESULT: resultFile },
    stdout: intoLog(),
    stderr: intoLog(),
  }).catch((error: unknown) => (log += String(error)));
  await report();
} finally {
  await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
}
// A download that was given up on may still be trying.
process.exit();

async function report(): Promise<void> {
  const result = await readFile(resultFile, 'utf8').then(
    (text) => JSON.parse(text) as EditorResult,
    () => undefined,
  );
  if (result === undefined) console.log(`${log}\nThe suite ended without a result.`);
  for (const { title, message } of result?.failures ?? []) console.log(`\nFailed: ${title}\n${message}`);
  const failed = result?.failures.length ?? 1;
  console.log(`editor: ${result?.passed ?? 0} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** The desktop VS Code, where there is a screen to show it on and a network to get it from. */
async function desktopEditor(): Promise<string | undefined> {
  if (process.env['MODELTRAIL_EDITOR'] === 'served') return undefined;
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return undefined;
  const cachePath = path.join(repositoryRoot, '.cache/desktop');
  await mkdir(cachePath, { recursive: true });
  const download = downloadAndUnzipVSCode({
    version: version.replace(/^4/, '1'),
    cachePath,
    timeout: 5000,
    reporter: new SilentReporter(),
  });
  return download.catch(() => undefined);
}
