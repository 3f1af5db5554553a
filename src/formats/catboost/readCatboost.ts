import * as l10n from '@vscode/l10n';
import type { ByteCursor } from '../byteCursor.ts';
import { FlatBuffer } from '../flatBuffer.ts';
import { flattenSettings } from '../flattenSettings.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import type { ModelSummary } from '../summary.ts';
import { summarize, type SummaryDraft } from '../summaryDraft.ts';
import { readFeatures } from './features.ts';
import { readTrees } from './trees.ts';

const headerBytes = 8;
const maxName = 4096;
/** The settings of a model with many features may list them all. */
const maxValue = 4 * 2 ** 20;

const core = { version: 0, trees: 1, info: 2, parts: 3 };
/** The tables of how targets go with the values of categories. */
const categoryTables = 'static_provider_v1';

/** Reads a model that CatBoost saved in its own format; the tables that follow the trees are passed over. */
export async function readCatboost(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  return summarize('catboost', access, context, read);
}

async function read(draft: SummaryDraft, cursor: ByteCursor): Promise<void> {
  if ((await cursor.text(4, 4)) !== 'CBM1') {
    return draft.damaged(l10n.t('The file does not begin as a model of CatBoost does.'), 0);
  }
  const end = headerBytes + (await cursor.u32());
  const buffer = new FlatBuffer(cursor, headerBytes, end);
  const root = await buffer.root();
  draft.formatVersion = await buffer.text(root[core.version], maxName);
  await readInfo(draft, buffer, root[core.info]);
  const trees = await buffer.table(root[core.trees]);
  if (!trees) return draft.damaged(l10n.t('There are no trees in the file.'), headerBytes);
  const features = await readFeatures(draft, buffer, trees);
  const dimension = await buffer.scalar(trees[0], 'i32', 1);
  draft.trees = {
    objective: draft.hyperparameters.get('loss_function__type')?.toString(),
    features: features.names,
    classes: dimension > 1 ? dimension : undefined,
    ...(await readTrees(draft, buffer, trees, features.conditions)),
  };
  const parts = await buffer.vector(root[core.parts], 4);
  if (parts.count === 0 || (await buffer.text(parts.start, maxName)) !== categoryTables) return;
  cursor.moveTo(end);
  const tables = await cursor.u32();
  for (let i = 0; i < tables; i++) cursor.skip(await cursor.u32());
}

async function readInfo(draft: SummaryDraft, buffer: FlatBuffer, field: number | undefined): Promise<void> {
  for await (const entry of buffer.tables(field)) {
    draft.count();
    const key = await buffer.text(entry[0], maxName);
    const value = await buffer.text(entry[1], maxValue);
    if (key === 'params') flattenSettings(draft, value);
    else if (key === 'catboost_version_info') draft.producer = producerOf(value);
    else draft.metadata.set(key, value);
  }
}

/** What says from which release of its source CatBoost was built. */
function producerOf(info: string): string {
  const release = /^\s*Branch: tags\/v(\S+)$/m.exec(info)?.[1];
  return release === undefined ? 'CatBoost' : `CatBoost ${release}`;
}
