import { extname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { LineCounter, parseDocument, visit, type Document, type ErrorCode } from 'yaml';
import { messageOf, TrailError } from '../core/errors.ts';
import { pythonTags } from './pythonYaml.ts';
import { namesAreRepeated, repeatedNames } from './repeatedNames.ts';

export interface MetricsText {
  readonly content: Record<string, unknown>;
  /** Names that have two values in one place: the last one counts. */
  readonly repeated: readonly string[];
}

/** YAML's aliases can make a small file into a huge tree. */
const maxAliases = 16;
/** What stands in JSON without quotes, and what Python adds to it. */
const jsonWord = /^(?:-?\d.*|true|false|null|NaN|-?Infinity)$/;

/** The names and values of a JSON or YAML text. @throws TrailError naming the file, and the line where it is broken */
export function parseMetricsText(fileName: string, text: string): MetricsText {
  const isJson = extname(fileName).toLowerCase() === '.json';
  const json = isJson ? parseJson(text) : undefined;
  if (json !== undefined && !namesAreRepeated(text, json)) return named(fileName, json, []);
  const last = isJson && json === undefined ? lastOfJsonLines(text) : undefined;
  if (last !== undefined) return parseMetricsText(fileName, last);
  const document = parseYaml(fileName, text, isJson);
  return named(fileName, json ?? plain(fileName, document), repeatedNames(document));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function named(fileName: string, content: unknown, repeated: readonly string[]): MetricsText {
  if (isRecord(content)) return { content, repeated };
  throw broken(fileName, 1, l10n.t('Names with values are expected here.'));
}

/** Of a log with one object a line the last one, on the line on which it is; undefined for anything else. */
function lastOfJsonLines(text: string): string | undefined {
  const lines = text.trimEnd().split('\n');
  const written = lines.filter((line) => line.trim() !== '');
  const isLog = written.length > 1 && written.every((line) => line.trimStart().startsWith('{'));
  if (!isLog || !written.slice(0, -1).every((line) => line.trimEnd().endsWith('}'))) return undefined;
  return '\n'.repeat(lines.length - 1) + lines.at(-1);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * YAML, and JSON that JSON.parse refuses: Python writes bare `NaN` and `Infinity` into it, and YAML contains JSON, so its parser
 * reads them, and knows the line of what is really broken.
 */
function parseYaml(fileName: string, text: string, isJson: boolean): Document {
  const lines = new LineCounter();
  const lineOf = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      // What is tagged as binary stays the text that it is in the file.
      resolveKnownTags: false,
      // Nobody needs a warning on stderr that a key is a list.
      logLevel: 'error',
      uniqueKeys: false,
      ...(!isJson && { merge: true, customTags: (tags) => [...pythonTags, ...tags] }),
    });
    const error = document.errors[0];
    if (error) throw broken(fileName, lineOf(error.pos[0]), reasonOf(error.code, isJson));
    visit(document, {
      Scalar(key, node) {
        const { type, source = '', range } = node;
        if (type !== 'PLAIN') return;
        // A metric may be called `no`, and a class `007`.
        if (key === 'key') node.value = source;
        if (!isJson || jsonWord.test(source)) return;
        const reason =
          source === ''
            ? l10n.t('A value is missing here.')
            : l10n.t('"{0}" is not JSON.', source.slice(0, 50));
        throw broken(fileName, lineOf(range?.[0] ?? 0), reason);
      },
    });
    return document;
  } catch (error) {
    throw TrailError.is(error) ? error : broken(fileName, 1, sentence(messageOf(error)));
  }
}

/** What the parser found, for people who do not know how it works. */
function reasonOf(code: ErrorCode, isJson: boolean): string {
  switch (code) {
    case 'MISSING_CHAR':
      return l10n.t('A bracket, a quote, a colon or a comma is missing here or before.');
    case 'BAD_INDENT':
      return l10n.t('The indentation is wrong here, or a closing bracket is missing.');
    case 'TAB_AS_INDENT':
      return l10n.t('YAML is indented by spaces, not by tabs.');
    case 'MULTIPLE_DOCS':
      return l10n.t('A second document begins here, and only one can be read.');
    default:
      return isJson ? l10n.t('This is not JSON.') : l10n.t('This is not YAML.');
  }
}

function plain(fileName: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    throw broken(fileName, 1, sentence(messageOf(error)));
  }
}

/** Other sentences come after it. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function broken(fileName: string, line: number, reason: string): TrailError {
  return new TrailError(
    'damaged',
    l10n.t('The metrics file {0} cannot be read: line {1}: {2}', fileName, line, reason),
  );
}
