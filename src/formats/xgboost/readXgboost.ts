import * as l10n from '@vscode/l10n';
import { JsonCursor, JsonError } from '../jsonCursor.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import type { ModelSummary } from '../summary.ts';
import { summarize, type SummaryDraft } from '../summaryDraft.ts';
import { ModelSink } from './modelSink.ts';
import { walkJson } from './walkJson.ts';
import { walkUbjson } from './walkUbjson.ts';

/** Of JSON, which is read whole; forests larger than that are kept in the binary form. */
const maxJson = 64 * 2 ** 20;
/** Of JSON: time. */
const maxItems = 20_000_000;

/** Reads a model of XGBoost in Universal Binary JSON. */
export async function readXgboost(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  return summarize('xgboost', access, context, async (draft, cursor) => {
    const start = await cursor.text(Math.min(4, cursor.size), 4);
    if (start === 'binf' || start === 'bs64') {
      return draft.notRead(
        l10n.t('This is the binary form of older XGBoost, which only XGBoost itself reads.'),
        0,
      );
    }
    cursor.moveTo(0);
    const sink = new ModelSink(draft);
    try {
      await walkUbjson(cursor, sink);
    } finally {
      finish(draft, sink);
    }
  });
}

/** Reads a model of XGBoost in JSON. */
export async function readXgboostJson(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  return summarize('xgboostJson', access, context, async (draft) => {
    if (access.size > maxJson) {
      return draft.notRead(l10n.t('The file is too large to be read: {0} bytes of JSON.', access.size), 0);
    }
    const cursor = new JsonCursor(await access.read(0, access.size), maxItems);
    const sink = new ModelSink(draft);
    try {
      walkJson(cursor, sink);
      cursor.skipSpace();
      if (!cursor.atEnd) throw new JsonError(cursor.offset);
    } finally {
      finish(draft, sink);
    }
  });
}

function finish(draft: SummaryDraft, sink: ModelSink): void {
  if (!sink.finish()) draft.damaged(l10n.t('There is no model of XGBoost in the file.'), 0);
}
