import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ContentId, ModelPath, RolledBackFact } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import { swap } from '../../files/swap.ts';
import type { UndoResult } from '../api/changes.ts';
import { locate } from '../contents/contents.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath, requireInside } from '../paths.ts';
import { putLink } from './links.ts';
import { keepWorkingCopy, put } from './replacing.ts';

/** What a rollback replaced. */
export type Replaced = Pick<RolledBackFact, 'model' | 'from' | 'fromFiles' | 'fromLink'>;

/**
 * What is to be put back, if there was something.
 * @throws TrailError `refused` when nothing may be put there; `missingBytes` when it is nowhere on this machine
 */
export async function replacedBy(
  context: TrailContext,
  { model, from: content, fromFiles }: Replaced,
  operation: Operation,
): Promise<Version | undefined> {
  await requireInside(context.root, model);
  if (content === null) return undefined;
  const version = await contentBefore(context, model, content, fromFiles);
  if (version && (await locate(context, version, operation))) return version;
  throw new TrailError(
    'missingBytes',
    l10n.t(
      'What {0} was before the rollback is not on this machine, so the rollback cannot be undone here.',
      model,
    ),
  );
}

/**
 * Puts back what a rollback replaced: earlier bytes, a link that still leads to them, or no file at all.
 * @param before is done when what is there is kept
 * @throws TrailError as `replacedBy` and keeping what is there do
 */
export async function putBack(
  context: TrailContext,
  replaced: Replaced,
  operation: Operation,
  before?: () => Promise<void>,
): Promise<UndoResult> {
  const { model, from: content, fromLink: link } = replaced;
  const version = await replacedBy(context, replaced, operation);
  const reason = l10n.t('Kept before a rollback was undone');
  const kept = await keepWorkingCopy(context, model, reason, version, operation);
  await before?.();
  if (content === kept.id) return {};
  const expected = kept.stamp ?? 'missing';
  if (version && link !== undefined) {
    const { id, files } = version;
    const isDirectory = files !== undefined;
    if (await putLink(context, { model, link, id, isDirectory, expected }, operation)) return {};
  }
  if (version) await put(context, version, kept, operation);
  else if (kept.stamp) await swap(absolutePath(context.root, model), { expected, model }, undefined);
  return link === undefined ? {} : { note: noLink(model, link, version) };
}

function noLink(model: ModelPath, link: string, version: Version | undefined): string {
  return version?.files === undefined
    ? l10n.t(
        'Before the rollback {0} was a link to {1}. That has other bytes now, or no link can be made here, so {0} stays a file of its own.',
        model,
        link,
      )
    : l10n.t(
        'Before the rollback {0} was a link to {1}. That has other files now, or no link can be made here, or something else was put into {0}, so {0} stays a folder of its own.',
        model,
        link,
      );
}

/** Undefined when nothing is known of it here. A Git LFS pointer was kept and is no version. */
async function contentBefore(
  { catalogue, kept }: TrailContext,
  model: ModelPath,
  id: ContentId,
  files: number | undefined,
): Promise<Version | undefined> {
  const version = catalogue.versionsOf(model).find((candidate) => candidate.id === id);
  if (version || !(await kept.has(id))) return version;
  const size = files === undefined ? await kept.sizeOf(id) : 0;
  const nothing = { time: '', by: { name: '' }, message: '', metrics: {}, params: {} };
  return { model, id, size, files, ...nothing, tags: [], sources: [], sightings: [] };
}
