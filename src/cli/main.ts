import { openTrail } from '../trail/trail.ts';
import { defaultSettings } from '../trail/settings.ts';
import { exitCodes, run } from './run.ts';

// Read when the first file is: reads and writes of large files wait for the disk in these threads, of which four are too few.
process.env['UV_THREADPOOL_SIZE'] ??= '12';

const cancel = new AbortController();
// Once: who presses Ctrl-C again does not want to wait for what is being tidied up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cancel.abort());

for (const output of [process.stdout, process.stderr]) {
  output.on('error', (error: NodeJS.ErrnoException) => {
    // `modeltrail log | head` has read enough; that is no failure.
    if (error.code !== 'EPIPE') throw error;
  });
}

// Until there is an answer: a process that finds nothing left to wait for before that was no success.
process.exitCode = exitCodes.internal;

void run(process.argv.slice(2), {
  directory: process.cwd(),
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
}).then((exitCode) => {
  process.exitCode = exitCode;
});
