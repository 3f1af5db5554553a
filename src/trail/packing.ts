import type { ContentId } from '../core/facts.ts';
import type { Operation } from '../core/operation.ts';
import type { Version } from '../core/versions.ts';
import type { PackContent } from '../store/packing.ts';
import type { PackReport } from './api.ts';
import type { TrailContext } from './context.ts';
import { finishMove } from './moving.ts';
import { layoutOfContent, startsInFile } from './layouts.ts';

/** Stores the recorded versions in the smallest way: each as the difference to the version that it came from, where that is smaller. */
export async function pack(context: TrailContext, operation: Operation): Promise<PackReport> {
  await finishMove(context, operation);
  const { catalogue, store } = context;
  const versions = new Map<ContentId, Version>();
  for (const version of catalogue.models().flatMap((model) => catalogue.versionsOf(model))) {
    if (version.number !== undefined) versions.set(version.id, version);
  }
  const before = await store.storedBytes();
  const nameOf = (id: ContentId): string => versions.get(id)?.model ?? '';
  await store.migrate(operation, (file, id) => startsInFile(file, nameOf(id), operation.signal));
  const contents: PackContent[] = [];
  for (const version of [...versions.values()].sort(byAge)) {
    contents.push({ id: version.id, parent: await nearestParent(context, versions, version) });
  }
  const { waiting } = await store.pack(
    { contents, layoutOf: (id) => layoutOfContent(store, id, nameOf(id), operation.signal) },
    operation,
  );
  return { before, after: await store.storedBytes(), waiting };
}

function byAge(a: Version, b: Version): number {
  return a.time === b.time ? (a.number ?? 0) - (b.number ?? 0) : a.time < b.time ? -1 : 1;
}

/** The nearest version that this one came from and whose bytes are here. */
async function nearestParent(
  { store }: TrailContext,
  versions: ReadonlyMap<ContentId, Version>,
  { id, provenance }: Version,
): Promise<ContentId | undefined> {
  const seen = new Set([id]);
  for (let parent = provenance?.parent; parent !== undefined && !seen.has(parent);) {
    if (await store.has(parent)) return parent;
    seen.add(parent);
    parent = versions.get(parent)?.provenance?.parent;
  }
  return undefined;
}
