import path from 'node:path';
import { version } from '../../package.json';
import type { Operation } from '../core/operation.ts';
import type { Outcome, Surroundings } from './command.ts';
import { commands } from './commands.ts';
import { schemaVersion } from './documents.ts';
import { commandHelp, programHelp } from './help.ts';
import { failure, type FailureCode } from './failure.ts';
import type { Host } from './host.ts';
import { type Invocation, parseCommandLine } from './parse.ts';
import { type ProgressBar, progressBar } from './progressBar.ts';
import { say } from './say.ts';
import { warnOfProblems, withSession } from './session.ts';
import { printable, wantsColours } from './style.ts';

export const exitCodes: Readonly<Record<FailureCode, number>> = {
  usage: 2,
  notFound: 3,
  ambiguous: 3,
  refused: 3,
  missingBytes: 3,
  damaged: 3,
  io: 3,
  internal: 3,
  // As a shell reports a program that Ctrl-C ended.
  cancelled: 130,
};

/** Runs one command line. @returns the exit code */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const invocation = parseCommandLine(argv, commands);
  const progress = progressBar(host.stderr);
  let warning: string | undefined;
  try {
    const outcome = await perform(invocation, host, progress, (sentence) => (warning = sentence));
    progress.clear();
    if (invocation.json) writeJson(host, outcome.json);
    else host.stdout.write(printable(`${outcome.text}\n`, wantsColours(host.stdout, host.environment)));
    return outcome.exitCode ?? 0;
  } catch (error) {
    progress.clear();
    const { code, message, detail } = failure(error);
    // What is wrong with the trail may be why the command failed.
    if (message !== warning) say(host, 'red', detail ?? message);
    if (invocation.json) writeJson(host, { error: { code, message } });
    return exitCodes[code];
  }
}

async function perform(
  { request, directory }: Invocation,
  host: Host,
  progress: ProgressBar,
  onWarning: (sentence: string | undefined) => void,
): Promise<Outcome> {
  switch (request.kind) {
    case 'problem':
      throw request.error;
    case 'help': {
      const help = request.command ? commandHelp(request.command) : programHelp(commands);
      return { json: { help }, text: help };
    }
    case 'version':
      return { json: { version }, text: `modeltrail ${version}` };
    case 'run': {
      const { command, given } = request;
      if ('runAlone' in command) {
        const operation: Operation = { signal: host.signal, report: (state) => progress.report(state) };
        const start = path.resolve(host.directory, directory ?? '.');
        const surroundings: Surroundings = {
          directory: start,
          environment: host.environment,
          operation,
          columns: host.stdout.isTTY ? host.stdout.columns : undefined,
          withTrail: (work) => withSession(host, { directory, progress }, work),
        };
        return command.runAlone(surroundings, given);
      }
      return withSession(
        host,
        { directory, progress, readsFirst: command.readsFirst?.(given) },
        (session) => {
          if (command.name !== 'status') onWarning(warnOfProblems(session));
          return command.run(session, given);
        },
      );
    }
  }
}

function writeJson(host: Host, document: Outcome['json']): void {
  const several = Array.isArray(document);
  for (const members of several ? document : [document]) {
    host.stdout.write(`${JSON.stringify({ schemaVersion, ...members }, undefined, several ? 0 : 2)}\n`);
  }
}
