import { stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { type Version, versionName } from '../core/versions.ts';
import { contentOf } from '../files/hash.ts';
import { BlobReader } from '../history/blobs.ts';
import { lfsObjectPath, lfsRemote } from '../history/lfs.ts';
import type { TrailContext } from './context.ts';
import { explained } from './damage.ts';

/** A place on this machine that has a version's bytes. They are not verified yet: whoever reads them does. */
export interface ContentPlace {
  readonly kind: 'store' | 'git' | 'lfs';
  open(): AsyncIterable<Uint8Array>;
}

/** Where the bytes of a version are, the quickest place first; undefined when nowhere here. */
export async function locate(context: TrailContext, version: Version): Promise<ContentPlace | undefined> {
  if (await context.store.has(version.id)) return inStore(context, version.id);
  return locateElsewhere(context, version);
}

/** Where the bytes of a version are besides the store. */
export async function locateElsewhere(
  context: TrailContext,
  version: Version,
): Promise<ContentPlace | undefined> {
  const { git } = context;
  if (!git) return undefined;
  const plain = version.sightings.find((sighting) => !sighting.lfs);
  if (plain) return { kind: 'git', open: () => blobContent(context, plain.blob) };
  const object = await lfsObjectPath(git, version.id);
  const found = await stat(object).catch(() => undefined);
  if (found?.isFile() && found.size === version.size) return { kind: 'lfs', open: () => contentOf(object) };
  return undefined;
}

/** @throws TrailError `missingBytes`, saying where they could come from */
export async function locateOrFail(context: TrailContext, version: Version): Promise<ContentPlace> {
  const place = await locate(context, version);
  if (place) return place;
  throw new TrailError('missingBytes', await whereFrom(context, version));
}

/**
 * Does something with the bytes of a version, again with those of Git or LFS when those in the store are damaged. `use` must leave
 * nothing behind when it fails.
 * @throws TrailError `missingBytes`; `damaged`, naming the tensor; what `use` throws
 */
export async function withContent<T>(
  context: TrailContext,
  version: Version,
  use: (content: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const place = await locateOrFail(context, version);
  try {
    return await use(place.open());
  } catch (error) {
    // Somebody may have given the bytes up since they were looked for.
    const isLost = TrailError.is(error, 'damaged') || TrailError.is(error, 'missingBytes');
    if (place.kind !== 'store' || !isLost) throw error;
    const other = await locateElsewhere(context, version);
    if (other) return use(other.open());
    throw await explained(context, version, error);
  }
}

function inStore({ store }: TrailContext, id: ContentId): ContentPlace {
  return { kind: 'store', open: () => store.open(id) };
}

/** A sentence on where the bytes of a version that has none here could come from. */
export async function whereFrom(context: TrailContext, version: Version): Promise<string> {
  const name = versionName(version);
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
  if (!context.settings.trusted) {
    return l10n.t(
      'The bytes of {0} of {1} are in Git, which is not used until you trust this workspace.',
      name,
      version.model,
    );
  }
  return l10n.t(
    'The bytes of {0} of {1} are not on this machine: it was recorded by {2} elsewhere. Copy the store from there, or ask for the file.',
    name,
    version.model,
    version.by.name,
  );
}

async function* blobContent(context: TrailContext, blob: string): AsyncIterable<Uint8Array> {
  if (!context.git) return;
  const reader = new BlobReader(context.git);
  try {
    yield* reader.read(blob);
  } finally {
    reader.dispose();
  }
}
