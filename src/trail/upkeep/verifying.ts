import * as l10n from '@vscode/l10n';
import { isLost } from '../../core/errors.ts';
import { type Operation, throwIfCancelled } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { Problem } from '../api/models.ts';
import type { VerifyOptions, VerifyReport } from '../api/store.ts';
import { type ContentPlace, locate, locateElsewhere } from '../contents/contents.ts';
import type { TrailContext } from '../context.ts';
import { damagedRanges, damageText, unreadablePacks } from '../contents/damage.ts';
import { filesOf } from '../contents/directoryContents.ts';
import { recordedHere, whereFrom } from '../contents/whereFrom.ts';
import { whyNotThere } from '../missingStore.ts';
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
  const removals = await takenOut(context, operation);
  const path = `${trailFolder}/journal`;
  const taken = removals.map((one) => ({ path, message: takenOutText(context, one) }));
  const gone = whyNotThere(context);
  if (gone !== undefined) {
    const { restored, problems } = journal;
    const all = [...problems, { path: context.store.directory, message: gone }];
    return { checked: 0, bytes: 0, absent: [], takenOut: taken, repaired: 0, restored, problems: all };
  }
  await context.store.takeMarksOff(operation);
  const recorded = context.catalogue.recordedVersions().filter((version) => !version.forgotten);
  const versions = options.sample === undefined ? recorded : sampleOf(recorded, options.sample);
  const isFromHere = await recordedHere(context);
  const found = new Map<Version, Found>();
  let total = versions.reduce((sum, version) => sum + version.size, 0);
  let done = 0;
  const look = async (version: Version): Promise<Found> => {
    const label = `${version.model} ${versionName(version)}`;
    const within: Operation = {
      signal: operation.signal,
      report: (progress) => operation.report({ label, done: done + progress.done, total }),
    };
    const result = await checkVersion(context, version, isFromHere(version), options, within);
    done += version.size;
    return result;
  };
  for (const version of versions) found.set(version, await look(version));
  const all = (): readonly Found[] => [...found.values()];
  if (all().some(({ isRepaired }) => isRepaired)) {
    // What one shares with another that was repaired after it may be whole by now.
    const failed = [...found].filter(([, before]) => !isWhole(before));
    total += failed.reduce((sum, [version]) => sum + version.size, 0);
    for (const [version, before] of failed) {
      const now = await look(version);
      found.set(version, { ...now, isRepaired: before.isRepaired || now.isRepaired || isWhole(now) });
    }
  }
  const here = versions.filter((version) => !found.get(version)?.absent);
  return {
    checked: here.length,
    bytes: here.reduce((sum, { size }) => sum + size, 0),
    absent: all().flatMap(({ absent }) => absent ?? []),
    takenOut: taken,
    repaired: all().filter(({ isRepaired }) => isRepaired).length,
    restored: journal.restored,
    problems: [
      ...journal.problems,
      ...unreadablePacks(context),
      ...all().flatMap(({ problems }) => problems),
    ],
  };
}

/** What was found of a version. */
interface Found {
  /** Whether bytes of it were brought back. */
  readonly isRepaired: boolean;
  /** Why its bytes are not here, of one that was recorded elsewhere. */
  readonly absent: Problem | undefined;
  readonly problems: readonly Problem[];
}

function isWhole({ absent, problems }: Found): boolean {
  return !absent && problems.length === 0;
}

async function checkVersion(
  context: TrailContext,
  version: Version,
  isFromHere: boolean,
  options: Pick<VerifyOptions, 'repair'>,
  operation: Operation,
): Promise<Found> {
  let before = 0;
  const within: Operation = {
    signal: operation.signal,
    report: (progress) => operation.report({ ...progress, done: before + progress.done }),
  };
  let isRepaired = false;
  let absent: Problem | undefined;
  const problems: Problem[] = [];
  throwIfCancelled(operation);
  for await (const { part, result } of checkParts(context, version, within)) {
    if (part !== version) before += part.size;
    if (result === 'ok') continue;
    if (options.repair && (await repair(context, part, within))) isRepaired = true;
    else {
      const problem = await problemOf(context, version, part, result, operation);
      if (problem && result === 'missing' && !isFromHere) absent ??= problem;
      else if (problem) problems.push(problem);
    }
  }
  return { isRepaired, absent, problems };
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

/** In the store as it is now, or in another folder where some came before. */
async function checkKept(
  context: TrailContext,
  { id }: Version,
  operation: Operation,
): Promise<'ok' | 'missing' | 'damaged'> {
  for (;;) {
    const { store, otherStores } = context;
    let result = await store.check(id, operation);
    for (const other of otherStores) if (result === 'missing') result = await other.check(id, operation);
    // What is moved just now goes from where it was before it is looked for.
    if (result === 'ok' || context.store === store) return result;
  }
}

/** @param whole what was recorded: the directory that a file is in */
async function problemOf(
  context: TrailContext,
  whole: Version,
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
    return isHere ? undefined : { path, message: await whereFrom(context, whole) };
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
