import { existsSync } from 'node:fs';
import * as l10n from '@vscode/l10n';
import type { ForgottenFact } from '../../core/facts.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { lfsRemote } from '../../history/lfs.ts';
import { idIn } from '../../journal/journal.ts';
import { isStore } from '../../store/storeFolder.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath } from '../paths.ts';

/** A sentence on where the bytes of a version that has none here could come from. */
export async function whereFrom(context: TrailContext, version: Version): Promise<string> {
  const name = versionName(version);
  const given = version.forgotten
    ? forgottenFact(context, version)
    : (await givenUpOnOthers(context)).find((fact) => givesUp(fact, context, version));
  if (given) {
    return l10n.t(
      'The bytes of {0} of {1} were given up by {2} on {3}.',
      name,
      version.model,
      given.by.name,
      given.time.slice(0, 10),
    );
  }
  if (version.sources.includes('lfs') && context.git) {
    const remote = await lfsRemote(context.git);
    return remote
      ? l10n.t(
          'The bytes of {0} of {1} are not on this machine. Get them with: git lfs fetch --all (from {2})',
          name,
          version.model,
          remote,
        )
      : l10n.t(
          'The bytes of {0} of {1} are not on this machine, and this repository has no remote to fetch them from with Git LFS.',
          name,
          version.model,
        );
  }
  if (existsSync(`${absolutePath(context.root, version.model)}.dvc`)) {
    return l10n.t(
      'The bytes of {0} of {1} are not on this machine. DVC may get them with: dvc fetch --all-commits {1}.dvc',
      name,
      version.model,
    );
  }
  if (!context.settings.trusted) {
    return l10n.t(
      'The bytes of {0} of {1} are not in the store. Git may have them, but is not used until you trust this workspace.',
      name,
      version.model,
    );
  }
  if (!context.git && version.sightings.length > 0) {
    return l10n
      .t(
        'The bytes of {0} of {1} are in Git, which cannot be asked now. {2}',
        name,
        version.model,
        context.problems[0]?.message ?? '',
      )
      .trimEnd();
  }
  if ((await recordedHere(context))(version)) {
    const gone = foldersNotThere(context);
    if (gone.length > 0)
      return l10n.t(
        '{0} of {1} was recorded on this machine, but its bytes are not in the store in {2}. They may be in {3}, which is not there. Connect the disk that it is on.',
        name,
        version.model,
        context.store.directory,
        gone.join(', '),
      );
    return l10n.t(
      '{0} of {1} was recorded on this machine, but its bytes are not in the store in {2} any more. Connect the disk that they are on; if another folder was set for the store then, set that again.',
      name,
      version.model,
      context.store.directory,
    );
  }
  return l10n.t(
    'The bytes of {0} of {1} are not on this machine: it was recorded by {2} elsewhere. Copy the store from there, or ask for the file.',
    name,
    version.model,
    version.by.name,
  );
}

/** Folders in which contents were kept before another was set. */
function foldersNotThere({ otherStores, storeFolder }: TrailContext): readonly string[] {
  return otherStores
    .map(({ directory }) => directory)
    .filter((folder) => folder !== storeFolder && !isStore(folder));
}

/** Who gave up the bytes of a version, and when. */
export function forgottenFact(
  { catalogue }: TrailContext,
  { id, model }: Version,
): ForgottenFact | undefined {
  return catalogue
    .factsAbout(model)
    .findLast((fact): fact is ForgottenFact => fact.kind === 'forgotten' && fact.version === id);
}

/** What was given up on this machine where another branch was checked out, of which this one says nothing. */
async function givenUpOnOthers({ catalogue, journalCopy }: TrailContext): Promise<readonly ForgottenFact[]> {
  const entries = await journalCopy.entries((name) => !catalogue.hasFact(name));
  return entries.map(({ fact }) => fact).filter((fact) => fact.kind === 'forgotten');
}

/** Whether all that was recorded of a version was given up with a fact. */
function givesUp(
  { records = [] }: ForgottenFact,
  { catalogue }: TrailContext,
  { model, id }: Version,
): boolean {
  const standing = [...(catalogue.factsOf(model)?.versions.get(id)?.standing ?? [])];
  return standing.length > 0 && standing.every((record) => records.includes(record));
}

/** Whether a version was recorded on this machine, and not given up again, so that its bytes should be here. */
export async function recordedHere(context: TrailContext): Promise<(version: Version) => boolean> {
  const { catalogue, journalCopy } = context;
  const givenUp = new Set((await givenUpOnOthers(context)).flatMap(({ records = [] }) => records));
  const here = new Set((await journalCopy.names()).map(idIn));
  return ({ model, id }) =>
    [...(catalogue.factsOf(model)?.versions.get(id)?.standing ?? [])].some(
      (record) => here.has(record) && !givenUp.has(record),
    );
}
