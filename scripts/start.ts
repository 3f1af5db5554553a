// `npm start [folder]`: builds, and opens the folder (else a demo) with the extension, in the desktop VS Code where there is
// one, else in one served on localhost.
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../test/harness/paths.ts';
import { currentVersion, ensureServedEditor } from '../test/harness/servedEditor.ts';
import { linkExtension, startServer } from '../test/harness/server.ts';
import { workbenchUrl } from '../test/harness/workbenchUrl.ts';

execFileSync(process.execPath, ['esbuild.js'], { cwd: repositoryRoot, stdio: 'inherit' });
const given = process.argv[2];
const folder = given === undefined ? await demo() : path.resolve(process.env['INIT_CWD'] ?? '', given);
if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
if (!openDesktop()) await serve();

async function demo(): Promise<string> {
  const { makeDemo } = await import('./demo.ts');
  return makeDemo(await mkdtemp(path.join(tmpdir(), 'modeltrail-demo-')));
}

function openDesktop(): boolean {
  const args = ['--new-window', `--extensionDevelopmentPath=${repositoryRoot}`, folder];
  const { error, status } = spawnSync('code', args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  return error === undefined && status === 0;
}

async function serve(): Promise<void> {
  const editor = await ensureServedEditor(currentVersion);
  const userDataDir = await mkdtemp(path.join(tmpdir(), 'mt-start-'));
  const extensionsDir = path.join(userDataDir, 'extensions');
  await linkExtension(repositoryRoot, extensionsDir);
  const server = await startServer(editor, { userDataDir, extensionsDir });
  console.log(`${folder} is open at ${workbenchUrl(server.address, { folder })}\nPress Ctrl-C to stop.`);

  await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
  await server.stop();
  for (const temporary of given === undefined ? [userDataDir, folder] : [userDataDir]) {
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}
