// Sets up VS Code's own server and web workbench from the npm package `code-server`, for machines where the desktop
// VS Code cannot be downloaded. Only its `lib/vscode` is used; the editor needs no compiler and no install script.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from './paths.ts';

/** Versions of `code-server`; 4.x.y carries VS Code 1.x.y. The value is the Node.js that it is built for. */
const nodeVersions = { '4.139.1': '24.21.0', '4.104.0': '22.23.3' } as const;

export type EditorVersion = keyof typeof nodeVersions;
export const currentVersion: EditorVersion = '4.139.1';
export const floorVersion: EditorVersion = '4.104.0';

export interface ServedEditor {
  /** The Node.js to run the server with. */
  readonly node: string;
  readonly serverMain: string;
}

export function isEditorVersion(text: string): text is EditorVersion {
  return text in nodeVersions;
}

const run = promisify(execFile);

function npm(cwd: string, ...args: string[]): Promise<unknown> {
  // npm.cmd on Windows is a script, which only a shell starts.
  const shell = process.platform === 'win32';
  return run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    shell,
    maxBuffer: 64 << 20,
  });
}

function locate(folder: string, version: EditorVersion): ServedEditor {
  const windows = process.platform === 'win32';
  const node = path.join(folder, 'node_modules', nodePackage(), 'bin', windows ? 'node.exe' : 'node');
  const own = process.versions.node.split('.')[0] === nodeVersions[version].split('.')[0];
  return {
    node: own ? process.execPath : node,
    serverMain: path.join(folder, 'package/lib/vscode/out/server-main.js'),
  };
}

function nodePackage(): string {
  return `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}

/**
 * Returns the editor of this version, setting it up under `.cache/editors` the first time. The set-up happens beside its
 * final place and is renamed there when complete, so an interrupted one is redone and two at once do no harm.
 */
export async function ensureServedEditor(version: EditorVersion): Promise<ServedEditor> {
  const editors = path.join(repositoryRoot, '.cache/editors');
  const folder = path.join(editors, version);
  const complete = path.join(folder, 'complete');
  if (existsSync(complete)) return locate(folder, version);

  console.log(`Setting up the served VS Code ${version} in ${folder} (once)`);
  await removeAbandoned(editors, version);
  const staging = path.join(editors, `${version}.${process.pid}`);
  await mkdir(staging, { recursive: true });
  try {
    await unpackServer(staging, version);
    await writeFile(path.join(staging, 'complete'), `${version}\n`);
    await rename(staging, folder).catch((error: unknown) => {
      if (!existsSync(complete)) throw error; // else another process was first
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return locate(folder, version);
}

/** Removes what interrupted set-ups left: anything incomplete whose process is gone. */
async function removeAbandoned(editors: string, version: EditorVersion): Promise<void> {
  const names = await readdir(editors).catch(() => []);
  for (const name of names) {
    const pid = name.startsWith(`${version}.`) ? Number(name.slice(version.length + 1)) : undefined;
    if (name === version || (pid !== undefined && !isAlive(pid))) {
      // Another process may be doing the same: what stays is removed the next time.
      await rm(path.join(editors, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function unpackServer(folder: string, version: EditorVersion): Promise<void> {
  await npm(folder, 'pack', `code-server@${version}`, '--ignore-scripts');
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack made no tarball of code-server ${version}.`);
  await run('tar', ['-xzf', tarball, 'package/lib/vscode'], { cwd: folder });
  await rm(path.join(folder, tarball));

  const vscode = path.join(folder, 'package/lib/vscode');
  await npm(vscode, 'install', '--omit=dev', '--ignore-scripts');
  await npm(path.join(vscode, 'extensions'), 'install', '--omit=dev', '--ignore-scripts');
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
  await npm(folder, 'install', '--no-save', '--ignore-scripts', `${nodePackage()}@${nodeVersions[version]}`);
}
