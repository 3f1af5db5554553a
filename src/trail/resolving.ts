import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ModelPath } from '../core/facts.ts';
import { matchVersions, parseReference } from '../core/references.ts';
import { type Version, versionName } from '../core/versions.ts';
import type { Resolved } from './api/targets.ts';
import type { TrailContext } from './context.ts';

const shownCandidates = 10;

/** Finds the one version that a reference means. @throws TrailError `notFound`, or `ambiguous` with the candidates */
export async function resolve(context: TrailContext, text: string): Promise<Resolved> {
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
  let candidates = among.flatMap((path) => matchVersions(selector, catalogue.versionsOf(path)));
  if (candidates.length === 0) candidates = await matchRevision(context, selector, among);
  if (candidates.length > 1) throw ambiguous(text, candidates);
  const version = candidates[0];
  if (!version) throw notFound(text, selector, model, models);
  return { model: version.model, version };
}

/** `HEAD~2`, a branch, a Git tag: whatever Git makes a commit of, and what the model was at that commit. */
async function matchRevision(
  context: TrailContext,
  revision: string,
  models: readonly ModelPath[],
): Promise<Version[]> {
  const { git, catalogue } = context;
  const commit = await git?.resolveRevision(revision);
  if (!git || commit === undefined) return [];
  const found: Version[] = [];
  for (const model of models) {
    const versions = catalogue.versionsOf(model);
    if (versions.length === 0) continue;
    // The model may have had another path at that commit.
    const paths = new Set([model, ...versions.flatMap(({ sightings }) => sightings.map(({ path }) => path))]);
    for (const path of paths) {
      const blob = await git.blobAt(commit, context.gitPrefix + path);
      const version =
        blob && versions.find(({ sightings }) => sightings.some((sighting) => sighting.blob === blob));
      if (version) {
        found.push(version);
        break;
      }
    }
  }
  return found;
}

function ambiguous(text: string, candidates: readonly Version[]): TrailError {
  const names = candidates
    .slice(0, shownCandidates)
    .map((version) =>
      `  ${version.model}@${version.id.slice(0, 12)}  ${versionName(version)}  ${version.message}`.trimEnd(),
    );
  const more = candidates.length - names.length;
  if (more > 0) names.push(l10n.t('  and {0} more', more));
  return new TrailError(
    'ambiguous',
    `${l10n.t('"{0}" could be any of these; put the model in front, or more of the hash:', text)}\n${names.join('\n')}`,
  );
}

function notFound(
  text: string,
  selector: string,
  model: ModelPath | undefined,
  models: readonly ModelPath[],
): TrailError {
  if (model !== undefined) {
    return new TrailError(
      'notFound',
      l10n.t('{0} has no version "{1}". See them with: modeltrail log {0}', model, selector),
    );
  }
  if (models.length === 0)
    return new TrailError('notFound', l10n.t('There are no models here, so "{0}" means nothing.', text));
  return new TrailError('notFound', l10n.t('No model and no version here is called "{0}".', text));
}
