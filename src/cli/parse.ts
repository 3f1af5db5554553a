import * as l10n from '@vscode/l10n';
import { parseArgs } from 'node:util';
import { TrailError } from '../core/errors.ts';
import type { Arguments, Command, Options } from './command.ts';
import { nearest } from './nearest.ts';

export const globalOptions = {
  directory: {
    type: 'string',
    short: 'C',
    value: 'DIR',
    summary: () => l10n.t('Work as if started in this directory.'),
  },
  json: { type: 'boolean', summary: () => l10n.t('Print one JSON document instead of text.') },
  help: { type: 'boolean', short: 'h', summary: () => l10n.t('Show help.') },
  version: { type: 'boolean', summary: () => l10n.t('Show the version of Modeltrail.') },
} satisfies Options;

export type Request =
  | { readonly kind: 'help'; readonly command?: Command }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly command: Command; readonly given: Arguments };

/** A command line as understood. What is wrong with it is a value, so that it can be told in the form asked for. */
export interface Invocation {
  readonly json: boolean;
  readonly directory?: string;
  readonly request: Request | { readonly kind: 'problem'; readonly error: TrailError };
}

export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): Invocation {
  // The first pass knows only the global options: enough to find the command, whose options the second one needs.
  const first = tokensOf(argv, globalOptions).find((token) => token.kind === 'positional');
  const rest = first ? argv.toSpliced(first.index, 1) : argv;
  const command = commands.find((command) => command.name === first?.value);
  const declared = { ...globalOptions, ...command?.options };
  const tokens = tokensOf(rest, declared);
  const options = optionValues(tokens, declared);
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const { json, directory } = options;
  const invocation = {
    json: json === true,
    directory: typeof directory === 'string' ? directory : undefined,
  };
  try {
    const request = toRequest(first?.value, command, { positionals, options }, commands, () =>
      checkOptions(tokens, declared),
    );
    return { ...invocation, request };
  } catch (error) {
    if (!TrailError.is(error)) throw error;
    return { ...invocation, request: { kind: 'problem', error } };
  }
}

function toRequest(
  name: string | undefined,
  command: Command | undefined,
  given: Arguments,
  commands: readonly Command[],
  checkOptions: () => void,
): Request {
  if (name === 'help') {
    const [topic] = given.positionals;
    checkOptions();
    return { kind: 'help', command: topic === undefined ? undefined : commandNamed(topic, commands) };
  }
  if (name !== undefined && !command) commandNamed(name, commands);
  checkOptions();
  if (given.options['help'] === true) return { kind: 'help', command };
  if (given.options['version'] === true) return { kind: 'version' };
  if (!command) throw usage(l10n.t('No command is given. `modeltrail --help` lists them.'));
  checkPositionals(command, given.positionals);
  return { kind: 'run', command, given };
}

type Token = NonNullable<ReturnType<typeof tokensOf>>[number];

/** Not strict: what is wrong is found below, and told in our own words. */
function tokensOf(args: readonly string[], options: Options) {
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function optionValues(tokens: readonly Token[], declared: Options): Arguments['options'] {
  const values: Record<string, string | boolean | string[] | undefined> = {};
  for (const [name, option] of Object.entries(declared)) {
    const given = tokens.filter((token) => token.kind === 'option' && token.name === name);
    const texts = given.flatMap((token) => ('value' in token ? (token.value ?? []) : []));
    if (option.type === 'boolean') values[name] = given.length > 0;
    else values[name] = option.multiple ? texts : texts.at(-1);
  }
  return values;
}

function checkOptions(tokens: readonly Token[], declared: Options): void {
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(declared, token.name) ? declared[token.name] : undefined;
    if (!option) {
      const meant = nearest(token.name, Object.keys(declared));
      throw usage(
        meant === undefined || !token.rawName.startsWith('--')
          ? l10n.t('There is no option {0} here.', token.rawName)
          : l10n.t('There is no option {0} here. Did you mean --{1}?', token.rawName, meant),
      );
    }
    if (option.type === 'string' && token.value === undefined)
      throw usage(l10n.t('{0} needs a value: {0} {1}.', token.rawName, option.value ?? ''));
    if (option.type === 'boolean' && token.value !== undefined)
      throw usage(l10n.t('{0} takes no value.', token.rawName));
  }
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const repeats = command.positionals.at(-1)?.endsWith('...') === true;
  const missing = command.positionals[given.length];
  if (missing !== undefined && !missing.startsWith('['))
    throw usage(l10n.t('{0} is missing. `modeltrail {1} --help` tells more.', missing, command.name));
  const extra = given[command.positionals.length];
  if (extra !== undefined && !repeats)
    throw usage(
      l10n.t(
        '"{0}" is one argument too many. `modeltrail {1} --help` tells more; a text with spaces needs quotes.',
        extra,
        command.name,
      ),
    );
  // A text may be empty: that is how a note is taken back.
  const empty = given.findIndex((value, i) => value === '' && command.positionals[i] !== 'TEXT');
  if (empty !== -1)
    throw usage(l10n.t('{0} is empty.', command.positionals[empty]?.replaceAll(/[[\].]/g, '') ?? 'REF'));
}

function commandNamed(name: string, commands: readonly Command[]): Command {
  const command = commands.find((command) => command.name === name);
  if (command) return command;
  const meant = nearest(name, [...commands.map((command) => command.name), 'help']);
  throw usage(
    meant === undefined
      ? l10n.t('There is no command "{0}". `modeltrail --help` lists them.', name)
      : l10n.t('There is no command "{0}". Did you mean "{1}"?', name, meant),
  );
}

function usage(message: string): TrailError {
  return new TrailError('usage', message);
}
