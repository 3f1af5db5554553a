import * as l10n from '@vscode/l10n';
import { parseDocument } from 'yaml';
import { markers } from '../../core/modelDirectories.ts';
import type { GraphValue } from '../summary.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import type { ModelFolder } from './modelFolder.ts';

const maxYaml = 2 ** 20;
const maxAliases = 100;

type Fields = Readonly<Record<string, unknown>>;

/** `MLmodel`: the flavors with what made them, the signature as inputs and outputs; then the model files of whatever flavor. */
export async function readMlflow(
  folder: ModelFolder,
  draft: SummaryDraft,
  addModelFiles: (folder: ModelFolder) => Promise<void>,
): Promise<void> {
  const text = await folder.text(markers.mlflow, maxYaml);
  const fields = text === undefined ? undefined : parse(text);
  if (fields) takeFields(fields, draft);
  else if (text !== undefined) draft.damaged(l10n.t('{0} is no valid YAML.', markers.mlflow));
  await addModelFiles(folder);
  // The signature says what the model takes from those who call it, whatever its own graph takes.
  const graph = fields && signatureOf(fields);
  if (graph && !draft.graph) draft.graph = { ...graph, nodes: [], opsets: [] };
}

function parse(text: string): Fields | undefined {
  try {
    const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' });
    return document.errors.length > 0 ? undefined : fieldsOf(document.toJS({ maxAliasCount: maxAliases }));
  } catch {
    return undefined;
  }
}

function takeFields(fields: Fields, draft: SummaryDraft): void {
  for (const key of ['run_id', 'model_id', 'model_uuid', 'utc_time_created', 'mlflow_version']) {
    const value = plain(fields[key]);
    if (value !== undefined) draft.metadata.set(key, value);
  }
  const version = plain(fields['mlflow_version']);
  draft.producer = version === undefined ? 'MLflow' : `MLflow ${version}`;
  for (const [flavor, settings] of Object.entries(fieldsOf(fields['flavors']) ?? {})) {
    for (const [key, value] of Object.entries(fieldsOf(settings) ?? {})) {
      draft.count();
      const shown = plain(value) ?? JSON.stringify(value);
      draft.metadata.set(`${flavor}.${key}`, shown);
    }
  }
}

/** Both sides are JSON in a string. */
function signatureOf(fields: Fields): { inputs: GraphValue[]; outputs: GraphValue[] } | undefined {
  const signature = fieldsOf(fields['signature']);
  if (!signature) return undefined;
  return { inputs: valuesOf(signature['inputs']), outputs: valuesOf(signature['outputs']) };
}

function valuesOf(json: unknown): GraphValue[] {
  if (typeof json !== 'string') return [];
  try {
    const list = JSON.parse(json) as unknown;
    return Array.isArray(list) ? list.slice(0, 10_000).map(valueOf) : [];
  } catch {
    return [];
  }
}

/** A column, or a tensor whose free dimensions are -1. */
function valueOf(item: unknown, index: number): GraphValue {
  const fields = fieldsOf(item) ?? {};
  const tensor = fieldsOf(fields['tensor-spec']);
  const shape = tensor?.['shape'];
  return {
    name: plain(fields['name']) ?? String(index),
    dtype: plain(tensor?.['dtype']) ?? plain(fields['type']),
    shape: Array.isArray(shape)
      ? shape.map((length) => (typeof length === 'number' && length >= 0 ? length : null))
      : undefined,
  };
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function plain(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
