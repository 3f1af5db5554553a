import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import { type Operation, unattended } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { claimedOnBranches, requireGit } from './branchClaims.ts';
import type { Problem } from '../api/models.ts';
import type { TrailContext } from '../context.ts';
import { filesOf } from '../contents/directoryContents.ts';
import { contentsIn, filesOfUnknown, readableContentsIn } from '../contents/listings.ts';
import { othersWant } from './storeUsers.ts';

/** Counts in what came to the journal. @returns the entries that nobody understands */
export type ReadJournal = () => Promise<readonly Problem[]>;

/** Says, as of the moment when it is called, whether a version of any model that uses the store claims a content. */
export type Claims = () => Promise<(id: ContentId) => boolean>;

/** @throws TrailError `damaged`, `refused` when it cannot be known what is claimed, and why */
export async function claimsOf(
  context: TrailContext,
  readJournal: ReadJournal,
  operation: Pick<Operation, 'signal'>,
): Promise<Claims> {
  await requireGit(context);
  await requireUnderstood(readJournal);
  const elsewhere: FilesElsewhere = new Map();
  const { store } = context;
  const first = await knownContents(context, elsewhere);
  const unknown = await filesOfUnknown(store, (id) => first.known.has(id));
  const ask = async (asking: Pick<Operation, 'signal'>): ReturnType<Claims> => {
    // What one of them claims nobody knows.
    if ((await readJournal()).length > 0) return () => true;
    // At one moment: Git may be about to switch branches, and what is not here by then is there.
    const here = new Set(context.catalogue.factNames());
    const { claimed, known } = await knownContents(context, elsewhere);
    const onBranches = await claimedOnBranches(context, here, asking);
    if (!onBranches) return () => true;
    const others = await othersWant(context, asking);
    // What nothing is known of may belong to another branch.
    return (id) => claimed.has(id) || !known.has(id) || unknown.has(id) || onBranches.has(id) || others(id);
  };
  // What would be in the way later is in the way now. After that it cannot be cancelled: things may be moved aside.
  await ask(operation);
  return () => ask(unattended);
}

/** @throws TrailError `damaged` */
async function requireUnderstood(readJournal: ReadJournal): Promise<void> {
  const [entry] = await readJournal();
  if (!entry) return;
  throw new TrailError(
    'damaged',
    l10n.t(
      'Nothing is freed while {0} cannot be understood: nobody knows which bytes that entry needs. {1}',
      entry.path,
      entry.message,
    ),
  );
}

/** The files of directories whose list is not in the store, as far as they could be found out. */
type FilesElsewhere = Map<ContentId, readonly ContentId[]>;

/** A list of a directory's files that cannot be read is an error: nobody knows what it claims. One that was forgotten claims nothing. */
async function knownContents(
  context: TrailContext,
  elsewhere: FilesElsewhere,
): Promise<{ claimed: ReadonlySet<ContentId>; known: ReadonlySet<ContentId> }> {
  const claimed = new Set<ContentId>();
  const known = new Set<ContentId>();
  for (const version of context.catalogue.recordedVersions()) {
    const contents = version.forgotten
      ? await readableContentsIn(context.store, version)
      : await claimedBy(context, version, elsewhere);
    for (const id of contents) {
      known.add(id);
      if (!version.forgotten) claimed.add(id);
    }
  }
  return { claimed, known };
}

async function claimedBy(
  context: TrailContext,
  version: Version,
  elsewhere: FilesElsewhere,
): Promise<readonly ContentId[]> {
  try {
    const contents = await contentsIn(context.store, version);
    if (version.files === undefined || contents.length > 1) return contents;
    const files = elsewhere.get(version.id) ?? (await filesElsewhere(context, version));
    elsewhere.set(version.id, files);
    return [version.id, ...files];
  } catch (error) {
    if (!TrailError.is(error, 'damaged')) throw error;
    throw new TrailError(
      'damaged',
      l10n.t(
        'The list of the files of {0} is damaged, so it is not known what can be freed. Repair the store first: modeltrail verify --repair',
        `${version.model} ${versionName(version)}`,
      ),
      { cause: error },
    );
  }
}

/**
 * Where Git or another store knows the files, they may be in this store only. Where nobody does, as of what was recorded on another
 * machine, nothing here could be put together from them.
 */
async function filesElsewhere(context: TrailContext, version: Version): Promise<readonly ContentId[]> {
  try {
    return (await filesOf(context, version)).map(({ id }) => id);
  } catch (error) {
    if (TrailError.is(error, 'missingBytes')) return [];
    throw error;
  }
}
