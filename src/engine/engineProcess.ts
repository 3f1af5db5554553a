import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Channel } from '../rpc/rpc.ts';
import { processChannel } from './channel.ts';

const keptErrorBytes = 16 << 10;
/** How long the engine may take to end once it is told to, in milliseconds. */
const patienceMs = 2000;

/** Why the process ended when nobody had told it to. */
export interface Death {
  /** In a few words. */
  readonly reason: string;
  /** All that it had to say. */
  readonly details: string;
}

/** A process for the engine: as a thread it would hold up the one that all extensions share more often, and could take it down. */
export class EngineProcess {
  readonly channel: Channel;
  /** Resolves when it has ended. */
  readonly ended: Promise<Death>;
  readonly #child: ChildProcess;

  /** @param program what the process runs */
  constructor(program: string) {
    this.#child = fork(program, [], {
      // Not those of the editor: a debugger would want its port.
      execArgv: [],
      // Electron is Node.js only where it is told so.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    giveWay(this.#child);
    this.channel = processChannel(this.#child);
    this.ended = deathOf(this.#child);
  }

  /** Resolves when it has ended. */
  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    await this.ended;
    clearTimeout(patience);
  }
}

/** Recording keeps two cores busy: where there are no more, the editor goes first. */
function giveWay({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here, or ended already: it does without.
  }
}

function deathOf(child: ChildProcess): Promise<Death> {
  let said = '';
  const hush = new Promise<void>((resolve) => {
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => (said = (said + text).slice(-keptErrorBytes)));
    child.stderr?.once('close', resolve);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      // One that could be started ends with an exit, whatever else goes wrong.
      if (child.pid === undefined) resolve({ reason: error.message, details: String(error.stack) });
    });
    // There is no 'close' where this side has disconnected.
    child.once('exit', async (code, signal) => {
      await hush;
      const reason = errorIn(said) ?? signal ?? `exit ${code}`;
      resolve({ reason, details: said.trim() || reason });
    });
  });
}

/** The message among what Node.js and V8 print before they give up. */
function errorIn(said: string): string | undefined {
  return /^(?:Uncaught )?(?:\w*Error|FATAL ERROR|# Check failed): (.+)$/m.exec(said)?.[1];
}
