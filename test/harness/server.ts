import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ServedEditor } from './servedEditor.ts';

export type Settings = Readonly<Record<string, unknown>>;

export interface ServerOptions {
  /** Holds the settings, the state and the logs. */
  readonly userDataDir: string;
  readonly extensionsDir: string;
  /** Machine settings, on top of those that keep the editor quiet. */
  readonly settings?: Settings;
  /** Without it every folder is trusted, and nothing asks. */
  readonly workspaceTrust?: boolean;
  /** Lets an address name an extension and its tests; but hides most notifications. */
  readonly runsTests?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface RunningServer {
  readonly port: number;
  /** A `localhost` address: webviews need a secure context, which an IP address is not. */
  readonly address: string;
  stop(): Promise<void>;
}

const quietSettings = {
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  // Else the extension host of a served editor looks for open ports all the time; that of the desktop does not.
  'remote.autoForwardPortsSource': 'output',
};

const hasGroups = process.platform !== 'win32';
const startTimeout = 180_000;

/** Serves VS Code on a free port of the loopback interface. */
export async function startServer(editor: ServedEditor, options: ServerOptions): Promise<RunningServer> {
  await writeSettings(options.userDataDir, options.settings);

  const args = [
    '--host=127.0.0.1',
    '--port=0',
    '--without-connection-token',
    '--accept-server-license-terms',
    // Nor does the extension host compress there what it says.
    '--disable-websocket-compression',
  ];
  args.push('--telemetry-level=off');
  if (options.runsTests) args.push('--enable-smoke-test-driver');
  args.push(`--server-data-dir=${options.userDataDir}`, `--extensions-dir=${options.extensionsDir}`);
  if (!options.workspaceTrust) args.push('--disable-workspace-trust');
  const child = runServerMain(editor, args, options.env);
  try {
    const port = await listeningPort(child);
    return { port, address: `http://localhost:${port}/`, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** Replaces the machine settings; a running server takes them over at once. */
export async function writeSettings(userDataDir: string, settings: Settings = {}): Promise<void> {
  const file = path.join(userDataDir, 'data/Machine/settings.json');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ ...quietSettings, ...settings }, undefined, 2));
}

/** Installs a packaged extension for servers that use these folders. */
export async function installExtension(
  editor: ServedEditor,
  vsix: string,
  { userDataDir, extensionsDir }: Pick<ServerOptions, 'userDataDir' | 'extensionsDir'>,
): Promise<void> {
  const folders = ['--server-data-dir', userDataDir, '--extensions-dir', extensionsDir];
  const child = runServerMain(editor, [
    '--install-extension',
    vsix,
    '--accept-server-license-terms',
    ...folders,
  ]);
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${path.basename(vsix)} could not be installed:\n${output()}`);
}

/** Makes an extension's source folder one of the installed extensions. */
export async function linkExtension(folder: string, extensionsDir: string): Promise<void> {
  await mkdir(extensionsDir, { recursive: true });
  await symlink(folder, path.join(extensionsDir, 'linked'), 'junction');
}

function runServerMain(
  editor: ServedEditor,
  args: readonly string[],
  env: ServerOptions['env'] = {},
): ChildProcess {
  const preload = path.join(import.meta.dirname, 'dieWithParent.cjs');
  // Inside an integrated terminal these would make the server talk to the editor that owns the terminal.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_'));
  return spawn(editor.node, ['--require', preload, editor.serverMain, ...args], {
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: hasGroups, // a process group of its own, with its extension hosts
  });
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => (text += data.toString()));
  return () => text;
}

function listeningPort(child: ChildProcess): Promise<number> {
  const output = collect(child);
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`The VS Code server ${why}:\n${output()}`));
    const timer = setTimeout(() => fail(`was not ready after ${startTimeout / 1000} s`), startTimeout);
    child.once('error', (error) => fail(`did not start: ${error.message}`));
    child.once('exit', (code, signal) => fail(`ended at its start (${code ?? signal})`));
    child.stdout?.on('data', () => {
      const port = /Extension host agent listening on (\d+)/.exec(output())?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await exited;
    clearTimeout(timer);
  }
  // Its extension hosts would live on for a moment, and write into folders that are being removed.
  if (hasGroups) killGroup(child.pid);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nothing is left of it
  }
}
