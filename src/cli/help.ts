import * as l10n from '@vscode/l10n';
import type { Command, Option, Options } from './command.ts';
import { globalOptions } from './parse.ts';
import { indented } from './table.ts';

export function programHelp(commands: readonly Command[]): string {
  return [
    l10n.t('Version control for model files.'),
    '',
    l10n.t('Usage: {0}', 'modeltrail [-C DIR] COMMAND [ARGUMENT...]'),
    '',
    l10n.t('Commands:'),
    indented(
      commands.map((command) => [[command.name, ...command.positionals].join(' '), command.summary()]),
    ),
    '',
    l10n.t('Options:'),
    optionLines(globalOptions),
    '',
    references(),
    '',
    l10n.t('`modeltrail help COMMAND` tells more about one command.'),
  ].join('\n');
}

export function commandHelp(command: Command): string {
  const { version: _, ...globals } = globalOptions;
  return [
    command.summary(),
    '',
    l10n.t('Usage: {0}', `modeltrail [-C DIR] ${usageOf(command)}`),
    '',
    l10n.t('Options:'),
    optionLines({ ...command.options, ...globals }),
    ...(command.positionals.some((name) => /\b(REF|A|B)\b/.test(name)) ? ['', references()] : []),
  ].join('\n');
}

function references(): string {
  return [
    l10n.t('A REF is a version as you would write it:'),
    indented([
      ['v4', l10n.t('the fourth recorded version')],
      ['champion', l10n.t('a tag')],
      ['@production', l10n.t('a stage')],
      ['3fa94c1', l10n.t("the first digits of a content's SHA-256 or of a commit")],
      ['main~2', l10n.t('a Git revision')],
      ['churn.onnx@v4', l10n.t('any of these, of one model')],
      ['churn.onnx', l10n.t('the file as it is on disk now')],
    ]),
  ].join('\n');
}

function usageOf(command: Command): string {
  const options = Object.entries(command.options).map(
    ([name, option]) => `[${optionName(name, option)}]${option.multiple ? '...' : ''}`,
  );
  return [command.name, ...command.positionals, ...options].join(' ');
}

function optionLines(options: Options): string {
  return indented(
    Object.entries(options).map(([name, option]) => [
      option.short
        ? `-${option.short}, ${optionName(name, option, true)}`
        : `    ${optionName(name, option)}`,
      option.summary(),
    ]),
  );
}

function optionName(name: string, option: Option, long = false): string {
  const flag = option.short && !long ? `-${option.short}` : `--${name}`;
  return option.value ? `${flag} ${option.value}` : flag;
}
