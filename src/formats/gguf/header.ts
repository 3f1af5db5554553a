import * as l10n from '@vscode/l10n';
import type { ByteCursor } from '../byteCursor.ts';
import { displayText } from '../displayText.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import { readTensors } from './tensors.ts';
import { maxName, readLength, readString, readValue, type GgufFile } from './values.ts';

const defaultAlignment = 32;
const maxAlignment = 2 ** 20;
/** What a template of a chat has no use for, but one that breaks out of the program that fills it in has. */
const suspicious =
  /__(?:class|subclasses|globals|builtins|import|mro|bases?|init)__|\bpopen\b|\bos\.system\b/;

/** Reads the header of a GGUF file of any version and byte order. Long lists are told by type, length and hash. */
export async function readHeader(draft: SummaryDraft, cursor: ByteCursor): Promise<void> {
  if ((await cursor.text(4, 4)) !== 'GGUF') {
    return draft.damaged(l10n.t('The file does not begin as a GGUF file does.'), 0);
  }
  let version = await cursor.u32();
  // Nothing but the version tells the byte order.
  if ((version & 0xffff) === 0) {
    cursor.littleEndian = false;
    cursor.moveTo(4);
    version = await cursor.u32();
  }
  draft.formatVersion = cursor.littleEndian ? String(version) : `${version} big-endian`;
  if (version < 1 || version > 3) {
    return draft.damaged(l10n.t('The version {0} of GGUF is not known.', version), 4);
  }
  const file: GgufFile = { cursor, draft, lengthBytes: version === 1 ? 4 : 8 };
  const tensors = await readLength(file);
  await readMetadata(file, await readLength(file));
  await readTensors(file, tensors, checkedAlignment(draft));
}

async function readMetadata(file: GgufFile, count: number): Promise<void> {
  const { cursor, draft } = file;
  for (let i = 0; i < count; i++) {
    draft.count();
    const at = cursor.offset;
    const key = await readString(file, maxName);
    const value = await readValue(file, await cursor.u32());
    if (draft.metadata.has(key)) {
      draft.findings.error(l10n.t('The metadata "{0}" are there twice.', displayText(key)), at);
    }
    draft.metadata.set(key, value);
    if (key.startsWith('tokenizer.chat_template') && suspicious.test(value)) {
      const message = l10n.t(
        'The chat template "{0}" reaches for more than a conversation: it could run code.',
        displayText(key),
      );
      draft.findings.warning(message, at);
    }
  }
}

function checkedAlignment(draft: SummaryDraft): number {
  const text = draft.metadata.get('general.alignment');
  const alignment = Number(text ?? defaultAlignment);
  if (Number.isInteger(alignment) && alignment > 0 && alignment <= maxAlignment && alignment % 8 === 0) {
    return alignment;
  }
  draft.damaged(l10n.t('The alignment "{0}" is not valid.', displayText(text ?? '')), 0);
  return defaultAlignment;
}
