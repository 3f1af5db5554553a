import { TrailError } from '../../core/errors.ts';
import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import type { BlockStore } from '../../store/blockStore.ts';
import type { PackContent } from '../../store/packing.ts';
import type { PackReport } from '../api/store.ts';
import type { TrailContext } from '../context.ts';
import { requireThere } from '../missingStore.ts';
import { finishMove } from './finishMove.ts';
import { layoutOfContent, startsInFile } from '../contents/layouts.ts';
import { readListing } from '../contents/listings.ts';

/** Stores the recorded versions in the smallest way: each as the difference to the version that it came from, where that is smaller. */
export async function pack(context: TrailContext, operation: Operation): Promise<PackReport> {
  await finishMove(context, operation);
  requireThere(context);
  const { catalogue, store } = context;
  const versions = new Map<ContentId, Version>();
  const names = new Map<ContentId, ModelPath>();
  for (const version of catalogue.recordedVersions()) {
    versions.set(version.id, version);
    for (const part of await partsOf(store, version)) names.set(part.id, part.name);
  }
  const before = await store.storedBytes();
  const nameOf = (id: ContentId): string => names.get(id) ?? '';
  await store.migrate(operation, (file, id) => startsInFile(file, nameOf(id), operation.signal));
  const contents: PackContent[] = [];
  for (const version of [...versions.values()].sort(byAge)) {
    const parent = await nearestParent(context, versions, version);
    const before = new Map(parent && (await partsOf(store, parent)).map(({ name, id }) => [name, id]));
    for (const { name, id } of await partsOf(store, version)) {
      // A file that did not change is packed with the version that brought it.
      if (before.get(name) !== id) contents.push({ id, parent: before.get(name) });
    }
  }
  const { waiting } = await store.pack(
    { contents, layoutOf: (id) => layoutOfContent(store, id, nameOf(id), operation.signal) },
    operation,
  );
  return { before, after: await store.storedBytes(), waiting };
}

type VersionParts = Pick<Version, 'id' | 'model' | 'files'>;

/** The contents of a version that may be large, by the path that they have in it: of a directory its files. */
async function partsOf(
  store: BlockStore,
  { id, model, files }: VersionParts,
): Promise<readonly { readonly name: ModelPath; readonly id: ContentId }[]> {
  if (files === undefined) return [{ name: model, id }];
  const listed = await readListing(store, id).catch((error: unknown) => {
    // The rest can be packed all the same.
    if (!TrailError.is(error, 'damaged')) throw error;
  });
  return listed?.map((file) => ({ name: `${model}/${file.path}`, id: file.id })) ?? [];
}

function byAge(a: Version, b: Version): number {
  return a.time === b.time ? (a.number ?? 0) - (b.number ?? 0) : a.time < b.time ? -1 : 1;
}

/** The nearest version that this one came from and whose bytes are here. */
async function nearestParent(
  { store }: TrailContext,
  versions: ReadonlyMap<ContentId, Version>,
  { id, model, files, provenance }: Version,
): Promise<VersionParts | undefined> {
  const seen = new Set([id]);
  for (let parent = provenance?.parent; parent !== undefined && !seen.has(parent);) {
    const version = versions.get(parent);
    // One of another branch is as its child is.
    if (await store.has(parent)) return version ?? { id: parent, model, files };
    seen.add(parent);
    parent = version?.provenance?.parent;
  }
  return undefined;
}
