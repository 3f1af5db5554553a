import path from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'vitest';
import type { Host } from '../../src/cli/host.ts';
import { run } from '../../src/cli/run.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';

export interface Terminal {
  readonly answer?: string;
  readonly directory?: string;
  readonly columns?: number;
  readonly environment?: NodeJS.ProcessEnv;
  /** Ctrl-C at the question. */
  readonly interrupt?: true;
}

/** Runs command lines in a folder, without a process of their own. */
export function commandLine(folder: () => string) {
  /** With a terminal where there is something to answer, else as in a script. */
  async function modeltrail(argv: readonly string[], terminal?: Terminal) {
    let [stdout, stderr] = ['', ''];
    const isTTY = terminal !== undefined;
    const cancel = new AbortController();
    const stdin = Object.assign(new PassThrough(), { isTTY });
    if (terminal?.answer !== undefined) stdin.end(terminal.answer);
    const host: Host = {
      directory: path.join(folder(), terminal?.directory ?? '.'),
      environment: terminal?.environment ?? {},
      stdin,
      stdout: { write: (text) => (stdout += text), isTTY, columns: terminal?.columns },
      stderr: {
        write(text) {
          stderr += text;
          if (terminal?.interrupt && text.includes('[y/N]')) cancel.abort();
        },
        isTTY,
      },
      signal: cancel.signal,
      openTrail: (directory) => openTrail(directory, defaultSettings),
    };
    const exitCode = await run(argv, host);
    return { exitCode, stdout, stderr };
  }

  /** The one document that a command prints with `--json`. */
  async function json(...argv: string[]) {
    const { exitCode, stdout } = await modeltrail([...argv, '--json']);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(document).toMatchObject({ schemaVersion: 1 });
    return { exitCode, document };
  }

  async function ok(...argv: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await modeltrail(argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  }

  return { modeltrail, json, ok };
}
