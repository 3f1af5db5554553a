import * as l10n from '@vscode/l10n';
import { BoundedMap } from '../../core/boundedMap.ts';
import { TrailError } from '../../core/errors.ts';
import type { ListedFile } from '../../core/listing.ts';
import type { CommitSighting, Version } from '../../core/versions.ts';
import { type TreeFile, treeFiles } from '../../history/trees.ts';
import type { TrailContext } from '../context.ts';
import { readListing } from './listings.ts';

/**
 * The files of a version of a directory, each as a version of the file: so whatever can be done with a model file can be done with them.
 * @throws TrailError `missingBytes` when it is not known here which they are; `damaged`
 */
export async function filesOf(context: TrailContext, version: Version): Promise<readonly Version[]> {
  const inTree = await treeOf(context, version);
  const fromTree = inTree?.map((file) => file.listed);
  const listed =
    (await readListing(context.kept, version.id).catch((error: unknown) => {
      if (!fromTree || !TrailError.is(error, 'damaged')) throw error;
    })) ?? fromTree;
  if (!listed) {
    throw new TrailError(
      'missingBytes',
      l10n.t('The list of the files of {0} is not on this machine.', version.model),
    );
  }
  const sightings = new Map(inTree?.map(({ listed: { path }, sighting }) => [path, sighting]));
  const files: Version[] = [];
  for (const { path, id, size } of listed) {
    const sighting = sightings.get(path);
    const model = `${version.model}/${path}`;
    files.push({ ...version, model, id, size, files: undefined, sightings: sighting ? [sighting] : [] });
  }
  return files;
}

interface FileInTree {
  readonly listed: ListedFile;
  readonly sighting: CommitSighting;
}

const trees = new WeakMap<TrailContext, BoundedMap<string, readonly TreeFile[]>>();
const mostTrees = 64;

/** The files as a commit has them; undefined without one, or when it is not known what they are. */
async function treeOf(context: TrailContext, version: Version): Promise<FileInTree[] | undefined> {
  const { git, catalogue } = context;
  const [sighting] = version.sightings;
  if (!git || !sighting) return undefined;
  const known = trees.get(context) ?? new BoundedMap<string, readonly TreeFile[]>(mostTrees);
  trees.set(context, known);
  const files = known.get(sighting.blob) ?? (await treeFiles(git, sighting.blob));
  if (!files) return undefined;
  known.set(sighting.blob, files);
  const found: FileInTree[] = [];
  for (const { path, blob } of files) {
    const content = catalogue.blob(blob);
    if (!content) return undefined;
    const { id, size, lfs } = content;
    found.push({
      listed: { path, size, id },
      sighting: { ...sighting, path: `${sighting.path}/${path}`, blob, lfs },
    });
  }
  return found;
}
