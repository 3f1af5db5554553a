import * as l10n from '@vscode/l10n';
import { displayText } from '../displayText.ts';
import { elementCount } from '../numberText.ts';
import { inOtherFile } from '../otherFile.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import type { ModelSummary } from '../summary.ts';
import { summarize, type SummaryDraft } from '../summaryDraft.ts';
import { readHeader } from './header.ts';

/** As the writers of llama.cpp name the parts of a model, counted from 1. */
const partName = /-(\d{5})-of-(\d{5})\.gguf$/i;

const maxParts = 1000;

/** Reads a GGUF file. The first part of a model that is split stands for all of it: the tensors of the others are told of with their files. */
export async function readGguf(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  return summarize('gguf', access, context, async (draft, cursor) => {
    await readHeader(draft, cursor);
    const count = Number(draft.metadata.get('split.count') ?? 1);
    const number = Number(draft.metadata.get('split.no') ?? 0) + 1;
    if (count > 1 && number === 1) await readParts(draft, context, count);
    else if (count > 1) {
      const message = l10n.t('This is part {0} of {1}: it has not all tensors of the model.', number, count);
      draft.findings.warning(message, 0);
    }
    const elements = draft.tensors.map(({ shape }) => elementCount(shape) ?? Number.NaN);
    const parameters = elements.reduce((sum, count) => sum + count, 0);
    if (Number.isSafeInteger(parameters)) draft.parameters = parameters;
  });
}

async function readParts(draft: SummaryDraft, context: ReadContext, count: number): Promise<void> {
  const [, first, last] = partName.exec(context.name) ?? [];
  if (Number(first) !== 1 || Number(last) !== count) {
    return draft.notRead(
      l10n.t('This is the first of {0} parts; by its name the others cannot be found.', count),
      0,
    );
  }
  if (count > maxParts) return draft.notRead(l10n.t('Only the first {0} files are read.', 1), 0);
  for (let number = 2; number <= count; number++) {
    const part = `-${String(number).padStart(5, '0')}-of-${last}.gguf`;
    await readPart(draft, context, context.name.replace(partName, part));
  }
  const told = draft.metadata.get('split.tensors.count');
  const found = draft.tensors.length;
  if (told !== undefined && Number(told) !== found && draft.complete) {
    draft.damaged(l10n.t('The parts have {0} tensors together, but should have {1}.', found, told), 0);
  }
}

async function readPart(draft: SummaryDraft, { sibling, signal }: ReadContext, name: string): Promise<void> {
  const shown = displayText(name);
  const access = await sibling?.(name);
  if (!access) return draft.notRead(l10n.t('The file "{0}", which holds weights, is missing.', shown), 0);
  try {
    const { tensors, findings, complete } = await summarize('gguf', access, { name, signal }, readHeader);
    for (const tensor of tensors) {
      draft.count();
      draft.tensors.push(inOtherFile(tensor, name));
    }
    draft.findings.addFrom(shown, findings);
    draft.complete &&= complete;
  } finally {
    await access.close();
  }
}
