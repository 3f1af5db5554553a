import * as l10n from '@vscode/l10n';
import { throwIfCancelled } from '../core/operation.ts';
import { displayText } from './displayText.ts';
import { JsonCursor, JsonError } from './jsonCursor.ts';
import { inOtherFile } from './otherFile.ts';
import { countParameters } from './parameters.ts';
import type { ReadContext, Reader } from './readers.ts';
import { sniff } from './sniff.ts';
import { summarize, type SummaryDraft } from './summaryDraft.ts';

/** An index of a hundred thousand tensors has some ten megabytes. */
const maxIndex = 64 * 2 ** 20;
const maxItems = 1_000_000;
/** As the Hub has it. */
const maxShards = 10_000;

/** By the name of a file, the tensors that are said to be in it. */
type Shards = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads an index such as `model.safetensors.index.json` as the model whose tensors lie in the files beside it that it names. */
export const readShardIndex: Reader = (access, context) =>
  summarize('shardIndex', access, context, async (draft, cursor) => {
    const bytes = await cursor.bytes(access.size, maxIndex);
    const shards = readIndex(draft, new JsonCursor(bytes, maxItems));
    for (const [file, names] of shards) await readShard(draft, context, file, names);
    draft.parameters = countParameters(draft.tensors);
  });

/** @throws JsonError, JsonTooLong */
function readIndex(draft: SummaryDraft, cursor: JsonCursor): Shards {
  const shards = new Map<string, Set<string>>();
  const listed = new Set<string>();
  if (cursor.peek() !== 'object') throw new JsonError(cursor.offset);
  cursor.object((key) => {
    const kind = cursor.peek();
    if (key === 'metadata' && kind === 'object') {
      cursor.object((name) => {
        draft.count();
        const kind = cursor.peek();
        if (kind === 'number') draft.metadata.set(name, cursor.number());
        else if (kind === 'string') draft.metadata.set(name, cursor.string());
        else cursor.skipValue();
      });
    } else if (key === 'weight_map' && kind === 'object') {
      cursor.object((tensor, offset) => {
        draft.count();
        const shown = displayText(tensor);
        if (listed.has(tensor)) draft.findings.error(l10n.t('The name "{0}" is there twice.', shown), offset);
        listed.add(tensor);
        for (const file of readFiles(cursor)) {
          if (!isPlainName(file)) {
            const place = displayText(file);
            draft.damaged(
              l10n.t('The tensor "{0}" is said to be in "{1}", which is no file name.', shown, place),
              offset,
            );
          } else if (shards.size < maxShards || shards.has(file)) {
            shards.set(file, (shards.get(file) ?? new Set()).add(tensor));
          } else draft.notRead(l10n.t('Only the first {0} files are read.', maxShards), offset);
        }
      });
    } else cursor.skipValue();
  });
  return shards;
}

/** One file, or those that the arrays of a group are spread over. */
function readFiles(cursor: JsonCursor): readonly string[] {
  const files: string[] = [];
  const read = (): void => {
    if (cursor.peek() === 'string') files.push(cursor.string());
    else {
      cursor.skipValue();
      files.push('');
    }
  };
  if (cursor.peek() === 'array') cursor.array(read);
  else read();
  return files;
}

/** One of the folder itself, on every system. */
function isPlainName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return name !== '' && name !== '.' && name !== '..' && !/[/\\:\0]/.test(name);
}

async function readShard(
  draft: SummaryDraft,
  { sibling, signal }: ReadContext,
  file: string,
  names: ReadonlySet<string>,
): Promise<void> {
  throwIfCancelled({ signal });
  const shown = displayText(file);
  const access = await sibling?.(file);
  if (!access) {
    return draft.notRead(
      l10n.t('The file "{0}", which holds {1} of the tensors, is missing.', shown, names.size),
    );
  }
  try {
    // By its bytes, but never an index again.
    const format = await sniff(access, file);
    const { readerOf } = await import('./readers.ts');
    const reader = format === 'shardIndex' ? undefined : await readerOf(format);
    if (!reader) return draft.damaged(l10n.t('The file "{0}" holds no tensors.', shown));
    const { tensors, findings, complete } = await reader(access, { name: file, signal });
    draft.count(tensors.length);
    draft.findings.addFrom(shown, findings);
    draft.complete &&= complete;
    const found = new Set(tensors.map(({ name }) => name));
    for (const name of names) {
      if (found.has(name) || isGroup(name) || !complete) continue;
      draft.damaged(l10n.t('The tensor "{0}" is not in "{1}".', displayText(name), shown));
    }
    const groups = [...names].some(isGroup);
    for (const tensor of tensors) {
      if (groups || names.has(tensor.name)) draft.tensors.push(inOtherFile(tensor, file));
      else {
        const name = displayText(tensor.name);
        draft.findings.warning(l10n.t('The index does not list the tensor "{0}" of "{1}".', name, shown));
      }
    }
  } finally {
    await access.close();
  }
}

/** Keras lists groups of HDF5, whose arrays go by other names when they are read. */
function isGroup(name: string): boolean {
  return name.startsWith('/');
}
