import * as l10n from '@vscode/l10n';
import { isLost, TrailError } from '../../core/errors.ts';
import type { Operation } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { DamagedRange } from '../../store/contentWindow.ts';
import { DamagedContent } from '../../store/store.ts';
import type { Problem } from '../api/models.ts';
import type { TrailContext } from '../context.ts';
import { layoutOfContent } from './layouts.ts';

const mostNames = 3;

/** Reads all of a version. None when not even the list of blocks can be read. */
export async function damagedRanges(
  { store }: TrailContext,
  { id }: Pick<Version, 'id'>,
  operation: Operation,
): Promise<readonly DamagedRange[]> {
  try {
    return await store.damagedRanges(id, operation);
  } catch (error) {
    if (isLost(error)) return [];
    throw error;
  }
}

/** What to tell of bytes that are damaged: the tensors that they belong to, where the file still says which. */
export async function damageText(
  context: TrailContext,
  version: Pick<Version, 'id' | 'model' | 'number' | 'commit'>,
  ranges: readonly DamagedRange[],
): Promise<string> {
  const label = `${version.model} ${versionName(version)}`;
  const names = await tensorsIn(context, version, ranges);
  const [first] = ranges;
  if (names.length === 1)
    return l10n.t('The kept bytes of the tensor {0} of {1} are damaged.', names[0] ?? '', label);
  if (names.length > mostNames) {
    const shown = names.slice(0, mostNames).join(', ');
    const more = names.length - mostNames;
    return l10n.t('The kept bytes of the tensors {0} and {1} more of {2} are damaged.', shown, more, label);
  }
  if (names.length > 1)
    return l10n.t('The kept bytes of the tensors {0} of {1} are damaged.', names.join(', '), label);
  return first
    ? l10n.t('The kept bytes {0} to {1} of {2} are damaged.', first.from, first.to - 1, label)
    : l10n.t('The kept bytes of {0} are damaged.', label);
}

/** A failure to read kept bytes, in words that name the tensor; any other failure as it is. */
export async function explained(
  context: TrailContext,
  version: Pick<Version, 'id' | 'model' | 'number' | 'commit'>,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof DamagedContent)) return error;
  const what = await damageText(context, version, [error.range]);
  return new TrailError('damaged', l10n.t('{0} Nothing was changed.', what), { cause: error });
}

async function tensorsIn(
  { store }: TrailContext,
  { id, model }: Pick<Version, 'id' | 'model'>,
  ranges: readonly DamagedRange[],
): Promise<string[]> {
  const layout = (await layoutOfContent(store, id, model)) ?? [];
  const isHit = (start: number, end: number): boolean =>
    ranges.some(({ from, to }) => from < end && start < to);
  return layout
    .filter(({ name, start, length }) => name !== '' && isHit(start, start + length))
    .map(({ name }) => name);
}

/** Why versions may look damaged that are not. */
export function unreadablePacks({ store, otherStores }: TrailContext): readonly Problem[] {
  const unreadable = [store, ...otherStores].flatMap(({ packs }) => packs.unreadable);
  return unreadable.map(({ file, message }) => ({ path: file, message }));
}
