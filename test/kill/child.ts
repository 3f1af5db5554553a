import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that is made to die. It says on its standard output, a line at a time, what it has done. */
export interface Child {
  /** What it has said so far. */
  readonly lines: readonly string[];
  /** Kills it without warning within `ms` after it has said so many lines; resolves when it is gone and all that it said is in `lines`. */
  killAfter(lines: number, ms: number): Promise<void>;
  /** Resolves when it has ended by itself. Rejects with what it wrote to its standard error when it failed. */
  readonly done: Promise<void>;
}

/** Runs a TypeScript file with the Node that runs the tests. */
export function startChild(script: string, ...args: string[]): Child {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const gone = Promise.all([exitOf(child), once(reader, 'close')]);
  const failure = (how: unknown) => new Error(`${script} ended with ${String(how)}:\n${errors}`);
  const done = gone.then(([how]) => {
    if (how !== 0) throw failure(how);
  });
  // Whoever kills it does not wait for its end.
  done.catch(() => {});
  return {
    lines,
    done,
    async killAfter(count, ms) {
      while (lines.length < count) {
        await Promise.race([once(reader, 'line'), gone]);
        if (child.exitCode !== null) break;
      }
      await sleep(Math.random() * ms);
      // One that failed before would make the test pass for nothing.
      if (child.exitCode !== null) throw failure(child.exitCode);
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function exitOf(child: ChildProcess): Promise<unknown> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return code ?? signal;
}
