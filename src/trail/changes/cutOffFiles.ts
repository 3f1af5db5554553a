import * as l10n from '@vscode/l10n';
import type { ModelPath } from '../../core/facts.ts';
import { cutOffContent } from '../contents/layouts.ts';
import type { TrailContext } from '../context.ts';
import type { KeptCopy } from './keeping.ts';

/** Of a directory, the largest: the weights are in these, and each costs two looks at the store. */
const mostFiles = 64;

/** Which files of a model that was just kept look as if their end was missing: a sentence on each. Never fails. */
export async function cutOffFiles(
  { store }: TrailContext,
  model: ModelPath,
  { id, files }: KeptCopy,
): Promise<readonly string[]> {
  const largest = files?.toSorted((a, b) => b.size - a.size).slice(0, mostFiles);
  const parts = largest?.map((file) => ({ id: file.id, path: `${model}/${file.path}` }));
  const sentences: string[] = [];
  for (const part of parts ?? [{ id, path: model }]) {
    const reason = await cutOffContent(store, part.id, part.path);
    if (reason !== undefined)
      sentences.push(l10n.t('{0} looks cut off: {1} It was recorded as it is.', part.path, reason));
  }
  return sentences;
}
