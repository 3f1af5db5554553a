import * as l10n from '@vscode/l10n';
import { isLost } from '../../core/errors.ts';
import { type Operation, throwIfCancelled } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { Problem } from '../api/models.ts';
import type { VerifyOptions, VerifyReport } from '../api/store.ts';
import { idIn } from '../../journal/journal.ts';
import { type ContentPlace, locate, locateElsewhere, whereFrom } from '../contents/contents.ts';
import type { TrailContext } from '../context.ts';
import { damagedRanges, damageText } from '../contents/damage.ts';
import { filesOf } from '../contents/directoryContents.ts';
import type { JournalCheck } from '../catalogue/journalSource.ts';
import { repair } from './repairing.ts';
import { takenOut, takenOutText } from '../claims/takenOut.ts';
import { trailFolder } from '../root.ts';
import { requireTrusted } from '../trust.ts';

/** Reads the journal and recorded contents again and compares these with their names; says what is damaged and what is not here. */
export async function verify(
  context: TrailContext,
  checkJournal: (options: VerifyOptions) => Promise<JournalCheck>,
  options: VerifyOptions,
  operation: Operation,
): Promise<VerifyReport> {
  if (options.repair) requireTrusted(context);
  const journal = await checkJournal(options);
  const recorded = context.catalogue.recordedVersions().filter((version) => !version.forgotten);
  const versions = options.sample === undefined ? recorded : sampleOf(recorded, options.sample);
  const total = versions.reduce((sum, version) => sum + version.size, 0);
  const problems: Problem[] = [...journal.problems];
  const absent: Problem[] = [];
  const isFromHere = await recordedHere(context);
  let bytes = 0;
  let done = 0;
  let repaired = 0;
  for (const version of versions) {
    throwIfCancelled(operation);
    const label = `${version.model} ${versionName(version)}`;
    const within: Operation = {
      signal: operation.signal,
      report: (progress) => operation.report({ label, done: done + progress.done, total }),
    };
    let isRepaired = false;
    let whereElse: Problem | undefined;
    for await (const { part, result } of checkParts(context, version, within)) {
      if (part !== version || version.files === undefined) done += part.size;
      if (result === 'ok') continue;
      if (options.repair && (await repair(context, part, within))) isRepaired = true;
      else {
        const found = await problemOf(context, part, result, operation);
        if (found && result === 'missing' && !isFromHere(version)) whereElse ??= found;
        else if (found) problems.push(found);
      }
    }
    if (isRepaired) repaired++;
    if (whereElse) absent.push(whereElse);
    else bytes += version.size;
  }
  const checked = versions.length - absent.length;
  const removals = await takenOut(context, operation);
  const path = `${trailFolder}/journal`;
  const told = removals.map((one): Problem => ({ path, message: takenOutText(context, one) }));
  return { checked, bytes, absent, takenOut: told, repaired, restored: journal.restored, problems };
}

/** Whether a version was recorded on this machine, so that its bytes should be here. */
async function recordedHere({
  catalogue,
  journalCopy,
}: TrailContext): Promise<(version: Version) => boolean> {
  const here = new Set((await journalCopy.names()).map(idIn));
  return ({ model, id }) =>
    catalogue
      .factsAbout(model)
      .some((fact) => fact.kind === 'recorded' && fact.version === id && here.has(fact.id));
}

/** A file is one part. Of a directory the list of its files is the first, and may have to be repaired before there are others. */
async function* checkParts(context: TrailContext, version: Version, operation: Operation) {
  yield { part: version, result: await checkKept(context, version, operation) };
  if (version.files === undefined) return;
  const files = await filesOf(context, version).catch((error: unknown) => {
    // It was said of the list.
    if (!isLost(error)) throw error;
  });
  for (const part of files ?? []) {
    throwIfCancelled(operation);
    yield { part, result: await checkKept(context, part, operation) };
  }
}

/** Where the store is now, or where it was before. */
async function checkKept(
  { store, earlierStore }: TrailContext,
  { id }: Version,
  operation: Operation,
): Promise<'ok' | 'missing' | 'damaged'> {
  const result = await store.check(id, operation);
  return result === 'missing' && earlierStore ? earlierStore.check(id, operation) : result;
}

async function problemOf(
  context: TrailContext,
  version: Version,
  result: 'missing' | 'damaged',
  operation: Operation,
): Promise<Problem | undefined> {
  const { model: path } = version;
  if (version.files !== undefined && result === 'damaged') {
    const label = `${path} ${versionName(version)}`;
    return { path, message: l10n.t('The list of the files of {0} is damaged.', label) };
  }
  if (result === 'missing') {
    const isHere = (await locate(context, version, operation)) !== undefined;
    return isHere ? undefined : { path, message: await whereFrom(context, version) };
  }
  const other = await locateElsewhere(context, version, operation);
  if (other) return { path, message: elsewhereText(other, `${path} ${versionName(version)}`) };
  const ranges = await damagedRanges(context, version, operation);
  return { path, message: await damageText(context, version, ranges) };
}

function elsewhereText({ kind }: ContentPlace, label: string): string {
  return kind === 'dvc'
    ? l10n.t('The kept bytes of {0} are damaged. DVC still has them: rolling back to it is safe.', label)
    : l10n.t('The kept bytes of {0} are damaged. Git still has them: rolling back to it is safe.', label);
}

function sampleOf<T>(items: readonly T[], count: number): readonly T[] {
  const left = [...items];
  const sample: T[] = [];
  while (sample.length < count && left.length > 0) {
    sample.push(...left.splice(Math.floor(Math.random() * left.length), 1));
  }
  return sample;
}
