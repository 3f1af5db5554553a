import * as l10n from '@vscode/l10n';
import { openTrail } from '../trail/trail.ts';
import { defaultSettings } from '../trail/settings.ts';
import type { Host } from './host.ts';
import { exitCodes, run } from './run.ts';
import { say } from './say.ts';

// Read when the first file is: reads and writes of large files wait for the disk in these threads, of which four are too few.
process.env['UV_THREADPOOL_SIZE'] ??= '12';

const cancel = new AbortController();
// Once: who presses Ctrl-C again does not want to wait for what is being tidied up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cancel.abort());

// Until there is an answer: a process that finds nothing left to wait for before that was no success.
process.exitCode = exitCodes.internal;

const host: Host = {
  directory: currentFolder(),
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: cancel.signal,
  openTrail: (directory, { warn, willRead }) =>
    openTrail(directory, defaultSettings, {
      willRead,
      log: (level, message) => {
        if (level === 'warn' || level === 'error') warn(message);
      },
    }),
};

function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    process.stderr.write(`${l10n.t('The current directory does not exist any more. Change to another.')}\n`);
    process.exit(exitCodes.io);
  }
}

let isLost = false;
for (const output of [process.stdout, process.stderr]) {
  output.on('error', (error: NodeJS.ErrnoException) => {
    // `modeltrail log | head` has read enough; that is no failure. Where one text cannot be written, the next cannot either.
    if (error.code === 'EPIPE' || isLost) return;
    isLost = true;
    process.exitCode = exitCodes.io;
    say(host, 'red', l10n.t('The output cannot be written: {0}', error.message));
  });
}

void run(process.argv.slice(2), host).then((exitCode) => {
  // Nobody learns from half of a document whether the command was done.
  if (!isLost) process.exitCode = exitCode;
});
