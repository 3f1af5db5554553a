import { posix } from 'node:path';
import * as l10n from '@vscode/l10n';
import { markers } from '../../core/modelDirectories.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import type { ModelSummary } from '../summary.ts';
import { type SummaryDraft, summarize } from '../summaryDraft.ts';
import { kindOf, readFolder } from './folderList.ts';
import { readHuggingFace } from './huggingFace.ts';
import { readMlflow } from './mlflow.ts';
import { ModelFolder } from './modelFolder.ts';

const maxJson = 2 ** 24;
/** Of a folder that does not say which of its files are the model. */
const mostModelFiles = 50;
const modelEndings = new Set(
  '.safetensors .onnx .pt .pth .ckpt .keras .h5 .pkl .joblib .skops .gguf .tflite .xgb .ubj .lgb .cbm .cb .npz'.split(
    ' ',
  ),
);

/** Reads a directory that is one model: `access` is the list of its files, which are had as siblings. */
export async function readDirectory(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  const files = await readFolder(access);
  const kind = kindOf(context.name, files ?? []);
  return summarize(kind, access, context, async (draft) => {
    if (!files) return draft.damaged(l10n.t('The list of the files cannot be understood.'));
    const folder = new ModelFolder(files, draft, context);
    if (kind === 'savedModel') await readSavedModelFolder(folder);
    else if (kind === 'mlpackage') await readPackage(folder, draft);
    else if (kind === 'huggingFace') await readHuggingFace(folder, draft);
    else if (kind === 'mlflow') await readMlflow(folder, draft, addModelFiles);
    else if (kind === 'diffusers') await readDiffusers(folder);
    else await addModelFiles(folder);
  });
}

async function readSavedModelFolder(folder: ModelFolder): Promise<void> {
  await folder.add(markers.savedModel);
  if (folder.has('variables/variables.index')) await folder.add('variables/variables.index');
}

async function readPackage(folder: ModelFolder, draft: SummaryDraft): Promise<void> {
  const manifest = parseJson(await folder.text(markers.mlpackage, maxJson), draft);
  const items = objectIn(manifest, 'itemInfoEntries');
  const root = objectIn(items, String(manifest?.['rootModelIdentifier']));
  const inner = root?.['path'];
  const path =
    typeof inner === 'string'
      ? posix.join('Data', inner)
      : folder.files.find((file) => file.path.endsWith('.mlmodel'))?.path;
  if (path === undefined || !folder.has(path)) {
    draft.damaged(l10n.t('The package does not say which file is its model, or that file is missing.'));
    return;
  }
  await folder.add(path);
}

async function readDiffusers(folder: ModelFolder): Promise<void> {
  await folder.settings(markers.diffusers, maxJson);
  for (const path of modelFiles(folder)) await folder.add(path, `${posix.dirname(path)}/`);
}

async function addModelFiles(folder: ModelFolder): Promise<void> {
  const graph = folder.files.find(({ path }) => posix.basename(path) === markers.savedModel);
  if (graph) await folder.add(graph.path);
  const variables = folder.files.find(({ path }) => path.endsWith('variables/variables.index'));
  if (variables) await folder.add(variables.path);
  for (const path of modelFiles(folder)) await folder.add(path);
}

function modelFiles(folder: ModelFolder): string[] {
  return folder.files
    .map(({ path }) => path)
    .filter((path) => modelEndings.has(posix.extname(path).toLowerCase()))
    .slice(0, mostModelFiles);
}

function parseJson(text: string | undefined, draft: SummaryDraft): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    return objectIn({ value: JSON.parse(text) as unknown }, 'value');
  } catch {
    draft.damaged(l10n.t('What should be JSON is not valid.'));
    return undefined;
  }
}

function objectIn(
  parent: Record<string, unknown> | undefined,
  key: string,
): Record<string, unknown> | undefined {
  const value = parent && Object.hasOwn(parent, key) ? parent[key] : undefined;
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
