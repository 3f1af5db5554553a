import * as l10n from '@vscode/l10n';
import type { ParamValue } from '../core/facts.ts';
import { ByteCursor, Malformed } from './byteCursor.ts';
import { Findings } from './findings.ts';
import type { FormatName } from './formatNames.ts';
import { JsonError, JsonTooLong } from './jsonCursor.ts';
import type { RandomAccess } from './randomAccess.ts';
import type { ReadContext } from './readers.ts';
import type { GraphSummary, ModelSummary, TensorInfo, TreeEnsemble } from './summary.ts';

/** Far more than the largest real models have of tensors, nodes and settings together. */
const maxItems = 500_000;
/** In characters. */
const maxText = 64 * 2 ** 20;

/** More than a reader keeps. */
class TooMuch extends Error {}

/** A summary while its file is being read: what was found before something went wrong is shown all the same. */
export class SummaryDraft {
  formatVersion?: string;
  producer?: string;
  parameters?: number;
  readonly metadata = new Map<string, string>();
  readonly hyperparameters = new Map<string, ParamValue>();
  readonly tensors: TensorInfo[] = [];
  graph?: GraphSummary;
  trees?: TreeEnsemble;
  externalData?: readonly string[];
  readonly findings = new Findings();
  complete = true;
  #items = 0;
  #text = 0;

  /** To be called for whatever is kept, so that a hostile file cannot fill the memory. */
  count(items = 1): void {
    this.#items += items;
    if (this.#items > maxItems) throw new TooMuch();
  }

  /** One by one: there may be more of them than a call can have arguments. */
  addTensors(tensors: Iterable<TensorInfo>): void {
    for (const tensor of tensors) this.tensors.push(tensor);
  }

  /** Reads text that is kept. */
  async text(cursor: ByteCursor, length: number, max: number): Promise<string> {
    if (length <= max) this.#text += length;
    if (this.#text > maxText) throw new TooMuch();
    return cursor.text(length, max);
  }

  notRead(message: string, offset?: number): void {
    this.findings.warning(message, offset);
    this.complete = false;
  }

  damaged(message: string, offset?: number): void {
    this.findings.error(message, offset);
    this.complete = false;
  }
}

/**
 * Runs a reader, whose troubles become findings.
 * @param read fills the draft
 * @param finish is called at the end however far `read` came
 */
export async function summarize(
  format: FormatName,
  access: RandomAccess,
  { signal }: ReadContext,
  read: (draft: SummaryDraft, cursor: ByteCursor) => Promise<void>,
  finish?: (draft: SummaryDraft) => void,
): Promise<ModelSummary> {
  const draft = new SummaryDraft();
  const cursor = new ByteCursor(access, signal);
  try {
    await read(draft, cursor);
  } catch (error) {
    explain(error, draft, cursor.offset);
  }
  finish?.(draft);
  const { formatVersion, producer, parameters, metadata, hyperparameters, graph, trees, complete } = draft;
  return {
    format,
    formatVersion,
    producer,
    parameters: complete ? parameters : undefined,
    metadata,
    hyperparameters,
    tensors: draft.tensors.sort((a, b) => (a.byteOffset ?? Infinity) - (b.byteOffset ?? Infinity) || 0),
    graph,
    trees,
    externalData: draft.externalData,
    findings: draft.findings.list(),
    complete,
  };
}

function explain(error: unknown, draft: SummaryDraft, offset?: number): void {
  if (error instanceof TooMuch || error instanceof JsonTooLong) {
    draft.notRead(l10n.t('The file holds more than is read of one: the rest is left out.'), offset);
  } else if (error instanceof JsonError) {
    draft.damaged(l10n.t('What should be JSON is not valid.'), error.offset);
  } else if (error instanceof Malformed) {
    draft.damaged(
      l10n.t('From here on the file cannot be read: it is damaged, cut off, or too large.'),
      offset,
    );
  } else throw error;
}
