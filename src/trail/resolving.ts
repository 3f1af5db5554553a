import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ModelPath } from '../core/facts.ts';
import { matchVersions, namedCommit, namesContent, parseReference } from '../core/references.ts';
import { type GitVersion, type Version, versionName } from '../core/versions.ts';
import type { PlacedBlob } from '../history/revisions.ts';
import type { Operation } from '../core/operation.ts';
import type { CommitPlace, Resolved } from './api/targets.ts';
import { takenOut, takenOutText } from './claims/takenOut.ts';
import type { TrailContext } from './context.ts';

const shownCandidates = 10;
/** More of the hash than elsewhere: it has to tell apart what begins alike. */
const shownDigits = 12;

/** Reads what is at a place that no local branch reaches; undefined where not all of it is on this machine. */
type ReadAt = (place: PlacedBlob) => Promise<GitVersion | undefined>;

/** Finds the one version that a reference means. @throws TrailError `notFound`, or `ambiguous` with the candidates */
export async function resolve(
  context: TrailContext,
  text: string,
  readAt: ReadAt,
  operation: Pick<Operation, 'signal'>,
): Promise<Resolved> {
  const { catalogue } = context;
  const models = catalogue.models();
  const { model, selector } = parseReference(text, new Set(models));
  if (model !== undefined && selector === undefined) return { model };
  if (selector === undefined || selector === '') {
    throw new TrailError(
      'usage',
      l10n.t('A version is named by v1, a tag, @stage, a hash or a Git revision.'),
    );
  }
  const among = model === undefined ? models : [model];
  const named = among.flatMap((path) => matchVersions(selector, catalogue.versionsOf(path)));
  if (named.length > 1) throw ambiguous(text, named.map(candidate), sameNumber(named));
  // With the model in front, what was recorded and said here comes first.
  if (named[0] && model === undefined) await failIfShadowed(context, text, selector, named[0]);
  const [version] = named;
  if (version) return { model: version.model, version, at: placeIn(namedCommit(selector, version)) };
  const found = await atRevision(context, text, selector, among, readAt);
  if (!found) throw await notFound(context, text, selector, model, operation);
  return found;
}

/**
 * A name alone that means a version here, while a branch or tag of Git's of that name has another: whoever wrote it may have meant either.
 * @throws TrailError `ambiguous`, saying how to write each
 */
async function failIfShadowed(
  context: TrailContext,
  text: string,
  name: string,
  { model, sightings }: Version,
): Promise<void> {
  // So written it can only be a stage.
  if (name.startsWith('@')) return;
  for (const ref of (await context.git?.refsNamed(name)) ?? []) {
    const commit = await context.git?.resolveRevision(ref);
    const [inGit] = commit === undefined ? [] : await modelAt(context, model, commit);
    const isSame = sightings.some(({ blob }) => blob === inGit?.place.blob);
    if (inGit && !isSame) throw ambiguous(text, [`${model}@${name}`, `${model}@${ref}`]);
  }
}

/** What a model was at a revision. */
interface Seen {
  readonly model: ModelPath;
  readonly place: PlacedBlob;
  /** Absent where no local branch reaches it. */
  readonly version?: Version;
}

/** `HEAD~2`, a branch, a Git tag: whatever Git makes a commit of, and what the model was at that commit. @throws TrailError `ambiguous` */
async function atRevision(
  context: TrailContext,
  text: string,
  revision: string,
  models: readonly ModelPath[],
  readAt: ReadAt,
): Promise<Resolved | undefined> {
  const seen: Seen[] = [];
  const commit = await context.git?.resolveRevision(revision);
  if (commit !== undefined) for (const model of models) seen.push(...(await modelAt(context, model, commit)));
  if (seen.length > 1) {
    const names = seen.map(({ model, version }) => (version ? candidate(version) : `${model}@${revision}`));
    throw ambiguous(text, names);
  }
  const [only] = seen;
  if (!only) return undefined;
  const { model, place } = only;
  const at = placeIn(place);
  if (only.version) return { model, version: only.version, at };
  const read = await readAt(place);
  return read && { model, version: context.catalogue.addUnlisted(model, read), at };
}

function placeIn(place: CommitPlace | undefined): CommitPlace | undefined {
  return place && { commit: place.commit, path: place.path };
}

/** One, or none if there was no such model at the commit. */
async function modelAt(
  { git, gitPrefix, catalogue }: TrailContext,
  model: ModelPath,
  commit: string,
): Promise<Seen[]> {
  const versions = catalogue.versionsOf(model);
  // The model may have had another path at that commit.
  const paths = new Set([model, ...versions.flatMap(({ sightings }) => sightings.map(({ path }) => path))]);
  for (const path of paths) {
    const blob = await git?.blobAt(commit, gitPrefix + path);
    if (blob === undefined) continue;
    const place = { commit, path, blob };
    const version = versions.find(({ sightings }) => sightings.some((sighting) => sighting.blob === blob));
    return [{ model, place, version }];
  }
  return [];
}

function candidate(version: Version): string {
  return `${version.model}@${version.id.slice(0, shownDigits)}  ${versionName(version)}  ${version.message}`.trimEnd();
}

/** Of what two clones recorded before either had the other's: their next versions have the same number. */
function sameNumber([first, ...others]: readonly Version[]): string | undefined {
  if (!first || first.number === undefined) return undefined;
  if (!others.every(({ model, number }) => model === first.model && number === first.number))
    return undefined;
  return l10n.t(
    '{0} has {1} versions that are called {2}, because they were recorded apart from each other. Name the one that you mean by its hash:',
    first.model,
    others.length + 1,
    versionName(first),
  );
}

/** @param candidates each begins with what to write */
function ambiguous(
  text: string,
  candidates: readonly string[],
  sentence = l10n.t('"{0}" could be any of these. Name the one that you mean as it stands here:', text),
): TrailError {
  const names = candidates.slice(0, shownCandidates);
  const more = candidates.length - names.length;
  if (more > 0) names.push(l10n.t('and {0} more', more));
  return new TrailError('ambiguous', [sentence, ...names].join('\n  '));
}

async function notFound(
  context: TrailContext,
  text: string,
  selector: string,
  model: ModelPath | undefined,
  operation: Pick<Operation, 'signal'>,
): Promise<TrailError> {
  const { git, catalogue } = context;
  const sentences = [renamed(context, text) ?? missing(text, selector, model, catalogue.models())];
  if (git?.shallow)
    sentences.push(l10n.t('The Git history here is cut off; the rest comes with: git fetch --unshallow'));
  // All of history is asked: not for a tag or a stage that no version has.
  const removals = model !== undefined && namesContent(selector) ? await takenOut(context, operation) : [];
  const removal = removals.findLast(({ models }) => models.some((path) => path === model));
  if (removal) sentences.push(takenOutText(context, removal));
  return new TrailError('notFound', sentences.join(' '));
}

/** Where a reference names a model by a path that it had before. */
function renamed({ catalogue }: TrailContext, text: string): string | undefined {
  const { model, selector } = parseReference(text, new Set(catalogue.state.factsOf.keys()));
  const now = model === undefined ? undefined : catalogue.calledNow(model);
  if (model === undefined || now === undefined) return undefined;
  const meant = selector === undefined ? now : `${now}@${selector}`;
  return l10n.t('{0} is called {1} now. Name it so: {2}', model, now, meant);
}

function missing(
  text: string,
  selector: string,
  model: ModelPath | undefined,
  models: readonly ModelPath[],
): string {
  if (model !== undefined)
    return l10n.t('{0} has no version "{1}". See them with: modeltrail log {0}', model, selector);
  if (models.length === 0) return l10n.t('There are no models here, so "{0}" means nothing.', text);
  return l10n.t('No model and no version here is called "{0}".', text);
}
