import type { ContentId } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { ContentStore } from '../../store/store.ts';
import type { ModelUsage, TrailUsage, VersionUsage } from '../api/store.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { requireThere } from '../missingStore.ts';
import type { TrailContext } from '../context.ts';
import { readableContentsIn } from '../contents/listings.ts';

/** What the recorded versions take in the store, and the store as a whole. @throws TrailError `io` when that is not there */
export async function usage(context: TrailContext, operation: Operation): Promise<TrailUsage> {
  requireThere(context);
  const { catalogue, store } = context;
  const shares = await store.shares(operation);
  const users = await usersOf(catalogue, store);
  const isAlone = (id: ContentId): boolean => users.get(id) === 1;
  const models: ModelUsage[] = [];
  for (const model of catalogue.models()) {
    const versions: VersionUsage[] = [];
    const all: ContentId[] = [];
    for (const version of catalogue.versionsOf(model)) {
      if (version.number === undefined) continue;
      const contents = await readableContentsIn(store, version);
      // Of a directory that was forgotten the list is there still.
      if (!contents.every((id) => shares.sizes.has(id))) continue;
      all.push(...contents);
      versions.push({
        version,
        stored: await shares.stored(contents, operation),
        own: await shares.own(contents.filter(isAlone), operation),
      });
    }
    if (versions.length === 0) continue;
    const size = versions.reduce((sum, { version }) => sum + version.size, 0);
    models.push({ model, versions, size, stored: await shares.stored(all, operation) });
  }
  const size = [...shares.sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  return { folder: store.directory, models, size, stored: shares.total };
}

/** How many versions need a content: directories may have files in common. */
async function usersOf(catalogue: Catalogue, store: ContentStore): Promise<ReadonlyMap<ContentId, number>> {
  const users = new Map<ContentId, number>();
  for (const version of catalogue.recordedVersions()) {
    if (version.forgotten) continue;
    for (const id of new Set(await readableContentsIn(store, version)))
      users.set(id, (users.get(id) ?? 0) + 1);
  }
  return users;
}
