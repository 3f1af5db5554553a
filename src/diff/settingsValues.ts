import { posix } from 'node:path';
import { parseDocument } from 'yaml';
import type { ParamValue } from '../core/facts.ts';
import { markers } from '../core/modelDirectories.ts';

/** Longer ones, such as large vocabularies, are not taken apart. In characters. */
const maxJson = 4_000_000;
const maxYaml = 2 ** 20;
/** They can make a small file into a huge tree. */
const maxAliases = 100;
const maxValues = 100_000;

/** The values in a JSON or YAML text by their path, `a.b.c`; lists are one value. Undefined where it is neither, or holds too much. */
export function settingsValues(path: string, text: string): Map<string, ParamValue> | undefined {
  const values = new Map<string, ParamValue>();
  try {
    const rest: { readonly name: string; readonly value: unknown }[] = [
      { name: '', value: isYaml(path) ? parseYaml(text) : parseJson(text) },
    ];
    for (let next = rest.pop(); next; next = rest.pop()) {
      const { name, value } = next;
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        for (const [key, inner] of Object.entries(value))
          rest.push({ name: name === '' ? key : `${name}.${key}`, value: inner });
      } else values.set(name, Array.isArray(value) ? JSON.stringify(value) : (value as ParamValue));
      if (values.size + rest.length > maxValues) return undefined;
    }
  } catch {
    return undefined;
  }
  return values;
}

function isYaml(path: string): boolean {
  return posix.basename(path) === markers.mlflow || /\.ya?ml$/i.test(path);
}

function parseJson(text: string): unknown {
  if (text.length > maxJson) throw new Error('too long');
  return JSON.parse(text);
}

/** Of one document. */
function parseYaml(text: string): unknown {
  if (text.length > maxYaml) throw new Error('too long');
  const document = parseDocument(text, { schema: 'core', uniqueKeys: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error) throw error;
  return document.toJS({ maxAliasCount: maxAliases });
}
