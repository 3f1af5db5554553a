import * as l10n from '@vscode/l10n';
import { Malformed } from '../byteCursor.ts';
import { displayText } from '../displayText.ts';
import { elementCount } from '../numberText.ts';
import type { TensorInfo } from '../summary.ts';
import { ggufTypes } from './types.ts';
import type { FilePlace } from '../tensorStorage.ts';
import { maxName, readLength, readString, type GgufFile } from './values.ts';

const maxDimensions = 8;

/** What the list of tensors says of one. */
interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  /** From the start of the data. */
  readonly offset: number;
  /** Of the entry, in the file. */
  readonly at: number;
}

/** Reads the list of tensors and checks it as llama.cpp does: one after the other, aligned, within the file. */
export async function readTensors(file: GgufFile, count: number, alignment: number): Promise<void> {
  const { cursor, draft } = file;
  const entries: Entry[] = [];
  const names = new Set<string>();
  try {
    for (let i = 0; i < count; i++) {
      const entry = await readEntry(file);
      if (names.has(entry.name)) {
        draft.findings.error(l10n.t('The name "{0}" is there twice.', displayText(entry.name)), entry.at);
      }
      names.add(entry.name);
      entries.push(entry);
    }
  } catch (error) {
    // Where the data begin is not known, so nothing can be said of the ranges.
    for (const { name, type, shape } of entries) draft.tensors.push({ name, dtype: typeName(type), shape });
    throw error;
  }
  place(file, entries, Math.ceil(cursor.offset / alignment) * alignment, alignment);
}

async function readEntry(file: GgufFile): Promise<Entry> {
  const { cursor, draft } = file;
  draft.count(3);
  const at = cursor.offset;
  const name = await readString(file, maxName);
  const dimensions = await cursor.u32();
  if (dimensions > maxDimensions) throw new Malformed();
  const shape: number[] = [];
  // The dimension that moves fastest comes first.
  for (let i = 0; i < dimensions; i++) shape.unshift(await readLength(file));
  const type = await cursor.u32();
  return { name, shape, type, offset: await cursor.u64(), at };
}

function typeName(type: number): string {
  return ggufTypes.get(type)?.name ?? `type ${type}`;
}

function place({ cursor, draft }: GgufFile, entries: Entry[], dataStart: number, alignment: number): void {
  const { findings } = draft;
  entries.sort((a, b) => a.offset - b.offset);
  let end = 0;
  for (const [i, entry] of entries.entries()) {
    const { name, shape, type, offset, at } = entry;
    const shown = displayText(name);
    const byteLength = lengthOf(entry, (message) => findings.error(message, at));
    const padded = Math.ceil(end / alignment) * alignment;
    if (offset < end) findings.error(l10n.t('The tensor "{0}" overlaps the one before it.', shown), at);
    else if (offset !== padded) {
      findings.error(l10n.t('The tensor "{0}" does not begin where the one before it ends.', shown), at);
    }
    // Up to the next one, for types which are not known yet.
    const next = entries[i + 1]?.offset ?? cursor.size - dataStart;
    const length = byteLength ?? Math.max(0, next - offset);
    end = Math.max(end, offset + length);
    const info: TensorInfo = { name, dtype: typeName(type), shape };
    const byteOffset = dataStart + offset;
    const place: FilePlace = { kind: 'file', offset: byteOffset, length };
    const storage = cursor.littleEndian ? undefined : { place, bigEndian: true };
    draft.tensors.push({ ...info, byteOffset, byteLength: length, ...(storage && { storage }) });
  }
  if (entries.length > 0 && dataStart + end > cursor.size) {
    const missing = dataStart + end - cursor.size;
    draft.damaged(l10n.t('The file ends {0} bytes before its last tensor does.', missing), cursor.size);
  }
}

/** @returns the bytes of the elements; undefined where type or shape do not tell */
function lengthOf({ name, shape, type }: Entry, error: (message: string) => void): number | undefined {
  const known = ggufTypes.get(type);
  const elements = elementCount(shape);
  if (!known) error(l10n.t('The tensor "{0}" has the unknown type "{1}".', displayText(name), type));
  const row = shape.at(-1) ?? 1;
  if (elements === undefined || (known && row % known.block !== 0)) {
    error(l10n.t('The shape of the tensor "{0}" is not valid.', displayText(name)));
    return undefined;
  }
  return known && (elements / known.block) * known.bytes;
}
