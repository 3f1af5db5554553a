import { posix } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ListedFile } from '../../core/listing.ts';
import { summarizeModel } from '../describe.ts';
import { displayText } from '../displayText.ts';
import { flattenSettings } from '../flattenSettings.ts';
import { JsonError } from '../jsonCursor.ts';
import type { ReadContext } from '../readers.ts';
import type { ModelSummary, TensorInfo } from '../summary.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import type { StoragePlace, TensorStorage } from '../tensorStorage.ts';
import { unknownContent } from './folderList.ts';

/** Puts together what the files of a folder say. */
export class ModelFolder {
  readonly files: readonly ListedFile[];
  readonly #draft: SummaryDraft;
  readonly #context: ReadContext;
  #parameters: number | undefined = 0;

  constructor(files: readonly ListedFile[], draft: SummaryDraft, context: ReadContext) {
    this.files = files;
    this.#draft = draft;
    this.#context = context;
    for (const { path, size, id } of files) {
      draft.count();
      const content = id === unknownContent ? '' : `, sha256 ${id.slice(0, 12)}`;
      draft.metadata.set(`file ${path}`, `${size} bytes${content}`);
    }
  }

  has(path: string): boolean {
    return this.files.some((file) => file.path === path);
  }

  /** A small text file; undefined when it is not there, too large, or cannot be had. */
  async text(path: string, maxBytes: number): Promise<string | undefined> {
    if (!this.has(path)) return undefined;
    const access = await this.#context.sibling?.(path);
    if (!access) return this.#notHad(path);
    try {
      if (access.size <= maxBytes) return Buffer.from(await access.read(0, access.size)).toString('utf8');
      this.#draft.notRead(l10n.t('{0} is too large to be read.', displayText(path)));
      return undefined;
    } finally {
      await access.close();
    }
  }

  /** Takes a JSON file's settings as hyper-parameters. */
  async settings(path: string, maxBytes: number): Promise<void> {
    const text = await this.text(path, maxBytes);
    if (text === undefined) return;
    try {
      flattenSettings(this.#draft, text);
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      this.#draft.damaged(l10n.t('{0} is not valid JSON.', displayText(path)));
    }
  }

  /** Takes in what a model file says. `prefix` comes before the names of its tensors. */
  async add(path: string, prefix = ''): Promise<void> {
    const summary = await this.#summary(path);
    if (summary) this.#take(summary, path, prefix);
  }

  async #summary(path: string): Promise<ModelSummary | undefined> {
    const { sibling, signal } = this.#context;
    const access = await sibling?.(path);
    if (!access) return this.#notHad(path);
    try {
      const beside: ReadContext['sibling'] = async (name) => sibling?.(inFolderOf(path, name));
      return await summarizeModel(access, { name: posix.basename(path), signal, sibling: beside });
    } finally {
      await access.close();
    }
  }

  #notHad(path: string): undefined {
    this.#draft.notRead(l10n.t('{0} cannot be read from here.', displayText(path)));
  }

  #take(summary: ModelSummary, path: string, prefix: string): void {
    const draft = this.#draft;
    draft.count(summary.tensors.length + summary.metadata.size + summary.hyperparameters.size);
    for (const tensor of summary.tensors) draft.tensors.push(moved(tensor, path, prefix));
    for (const [key, value] of summary.metadata) if (!draft.metadata.has(key)) draft.metadata.set(key, value);
    for (const [key, value] of summary.hyperparameters)
      if (!draft.hyperparameters.has(key)) draft.hyperparameters.set(key, value);
    draft.graph ??= summary.graph;
    draft.trees ??= summary.trees;
    draft.producer ??= summary.producer;
    for (const { severity, message, offset } of summary.findings) {
      draft.findings[severity](`${displayText(path)}: ${message}`, offset);
    }
    if (!summary.complete) draft.complete = false;
    if (summary.parameters === undefined && summary.tensors.length > 0) this.#parameters = undefined;
    if (this.#parameters !== undefined) this.#parameters += summary.parameters ?? 0;
    draft.parameters = this.#parameters || undefined;
  }
}

function inFolderOf(path: string, name: string): string {
  return posix.join(posix.dirname(path), name);
}

/** A tensor as the folder has it: where it lies is told from there. */
function moved(tensor: TensorInfo, path: string, prefix: string): TensorInfo {
  const { name, sharesStorageWith, byteOffset, byteLength, storage, ...rest } = tensor;
  return {
    ...rest,
    name: prefix + name,
    byteLength,
    sharesStorageWith: sharesStorageWith === undefined ? undefined : prefix + sharesStorageWith,
    storage: movedStorage({ byteOffset, byteLength, storage }, path),
  };
}

function movedStorage(
  { byteOffset, byteLength, storage }: Pick<TensorInfo, 'byteOffset' | 'byteLength' | 'storage'>,
  path: string,
): TensorStorage | undefined {
  if (storage) {
    const place = movedPlace(storage.place, path);
    return place && { ...storage, place };
  }
  if (byteOffset === undefined || byteLength === undefined) return undefined;
  return { place: { kind: 'file', file: path, offset: byteOffset, length: byteLength } };
}

/** Only plain ranges can be of another file. */
function movedPlace(place: StoragePlace, path: string): StoragePlace | undefined {
  if (place.kind === 'bytes') return place;
  if (place.kind !== 'file') return undefined;
  return { ...place, file: place.file === undefined ? path : inFolderOf(path, place.file) };
}
