import * as l10n from '@vscode/l10n';
import { throwIfCancelled } from '../core/operation.ts';
import { Malformed, type ByteCursor } from './byteCursor.ts';
import { displayText } from './displayText.ts';
import { formatLabel, type FormatName } from './formatNames.ts';
import { entropy, guess } from './otherBytes.ts';
import type { RandomAccess } from './randomAccess.ts';
import type { Reader } from './readers.ts';
import { summarize, type SummaryDraft } from './summaryDraft.ts';
import { readZipDirectory } from './zip.ts';

const sampleBytes = 4096;
const sampleCount = 64;
const headBytes = 16;
const maxNamed = 100;

/** Says of a file that no reader is for what can be said of any file. */
export function readerOfOther(format: FormatName): Reader {
  return (access, context) =>
    summarize(format, access, context, async (draft, cursor) => {
      draft.notRead(
        format === 'onnxData'
          ? l10n.t(
              'These are weights of an ONNX model. What they are called, and their types and shapes, is in the .onnx file beside this one: open that.',
            )
          : l10n.t('Nothing is read of files of this format: {0}.', formatLabel(format)),
      );
      const head = await access.read(0, Math.min(headBytes, access.size));
      const samples = await sample(access, context.signal);
      const { metadata } = draft;
      metadata.set('first bytes', firstBytes(head));
      metadata.set('entropy', `${entropy(samples).toFixed(2)} of 8 bits per byte`);
      metadata.set('looks like', guess(head, samples));
      if (format === 'zip') await nameMembers(draft, cursor);
    });
}

/** Pieces from all over the file, or all of a small one. */
async function sample(access: RandomAccess, signal: AbortSignal): Promise<Uint8Array> {
  if (access.size <= sampleCount * sampleBytes) return access.read(0, access.size);
  const parts: Uint8Array[] = [];
  const last = access.size - sampleBytes;
  for (let i = 0; i < sampleCount; i++) {
    throwIfCancelled({ signal });
    const offset = 8 * Math.floor(((i / (sampleCount - 1)) * last) / 8);
    parts.push(await access.read(offset, sampleBytes));
  }
  return Buffer.concat(parts);
}

/** In hexadecimal, and as text where they are letters. */
function firstBytes(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex').replaceAll(/../g, '$& ').trim();
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]/g, '.');
  return bytes.length === 0 ? '' : `${hex}  ${text}`;
}

async function nameMembers(draft: SummaryDraft, cursor: ByteCursor): Promise<void> {
  try {
    const { entries } = await readZipDirectory(cursor);
    const names = entries.slice(0, maxNamed).map(({ name }) => displayText(name));
    draft.metadata.set('members', String(entries.length));
    draft.metadata.set('first members', names.join(', '));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    draft.damaged(l10n.t('The list of the archive breaks off.'), cursor.offset);
  }
}
