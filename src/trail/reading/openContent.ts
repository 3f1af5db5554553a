import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ContentId } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version } from '../../core/versions.ts';
import { stampOf } from '../../files/stamp.ts';
import { type ClosableAccess, fileAccess } from '../../formats/randomAccess.ts';
import { BlobReader } from '../../history/blobs.ts';
import { lfsObjectPath, maxPointerBytes, parsePointer } from '../../history/lfs.ts';
import { isTree } from '../../history/trees.ts';
import type { CommitPlace, ReadTarget } from '../api/targets.ts';
import { locate, locateOrFail } from '../contents/contents.ts';
import type { TrailContext } from '../context.ts';
import { isModelDirectory } from '../contents/directoryCopies.ts';
import { dvcCopy } from '../contents/dvcCopies.ts';
import { foundInGit } from './dataInGit.ts';
import { committedAt, recordedBeside } from './dataVersions.ts';
import { openDirectoryCopy, openDirectoryVersion } from './openDirectory.ts';
import { absolutePath } from '../paths.ts';
import { objectsOf, openFileOrObject, type OpenObject } from '../contents/pointers.ts';
import { spooledAccess } from './spooledAccess.ts';

/** The bytes of a version or a working copy, to be read anywhere. */
export interface OpenContent {
  readonly access: ClosableAccess;
  /** The name of the file; of a directory that is one model, whose access is the list of its files, with `/` at its end. */
  readonly name: string;
  /** Of the files of a directory, in bytes. */
  readonly size?: number;
  /** Absent for a working copy of which it is not known yet: it is not read for that. */
  readonly id?: ContentId;
  /** Opens a file of the same folder, as it is or was then, by its path from there. */
  readonly sibling: (name: string) => Promise<ClosableAccess | undefined>;
}

/** @throws TrailError `missingBytes`, `notFound`, `damaged` */
export async function openContent(
  context: TrailContext,
  target: ReadTarget,
  operation: Operation,
): Promise<OpenContent> {
  const { model, version: id, at } = target;
  const name = path.posix.basename(model);
  if (id === undefined) {
    if (await isModelDirectory(context, model)) return openDirectoryCopy(context, model, operation);
    const file = absolutePath(context.root, model);
    const known = context.stamps.contentOf(model, await stampOf(file));
    const opened = await openFile(file, objectsOf(context));
    return { ...opened, id: opened.id ?? known };
  }
  const version = context.catalogue.version({ model, version: id });
  if (version.files !== undefined) {
    return openDirectoryVersion(context, version, (file) => openVersion(context, file, operation));
  }
  const access = await openVersion(context, version, operation);
  return { access, name, id, sibling: (inner) => siblingOf(context, version, inner, at, operation) };
}

/** The bytes of a version, wherever they are on this machine. @throws TrailError `missingBytes`, saying where they could come from */
export async function openVersion(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<ClosableAccess> {
  if (version.files !== undefined) {
    throw new TrailError('refused', l10n.t('{0} is a folder, not one file.', version.model));
  }
  const place = await locateOrFail(context, version, operation);
  const { git, kept, store } = context;
  if (place.kind === 'store') return kept.access(version.id);
  if (place.kind === 'lfs' && git) return fileAccess(await lfsObjectPath(git, version.id));
  const copy = place.kind === 'dvc' ? await dvcCopy(context, version, operation) : undefined;
  if (copy !== undefined) return fileAccess(copy);
  return spooledAccess(place.open(), version.size, store.temporaries);
}

/** A file on disk, or the object that it is a pointer to. */
export async function openFile(file: string, openObject: OpenObject): Promise<OpenContent> {
  const { access, pointer } = await openFileOrObject(file, openObject);
  return { access, name: path.basename(file), id: pointer?.id, sibling: besideFile(file, openObject) };
}

/** Opens what is in the folder of a file, and nothing else. */
export function besideFile(file: string, openObject: OpenObject): OpenContent['sibling'] {
  return async (name) => {
    if (!isInside(name)) return undefined;
    const other = path.join(path.dirname(file), name);
    const found = await stat(other).catch(() => undefined);
    return found?.isFile() ? (await openFileOrObject(other, openObject)).access : undefined;
  };
}

/** The file as the commit has it that was named, else as it was recorded together with the version, else as Git has it beside that. */
async function siblingOf(
  context: TrailContext,
  version: Version,
  inner: string,
  at: CommitPlace | undefined,
  operation: Operation,
): Promise<ClosableAccess | undefined> {
  if (!isInside(inner)) return undefined;
  const name = path.posix.normalize(inner);
  const committed = at && (await committedAt(context, version.model, [name], at, operation));
  const known = committed?.has(name) ? committed.get(name) : recordedBeside(context, version, name);
  if (known) {
    const [found = known] = await foundInGit(context, version, [known], at, operation);
    return (await locate(context, found, operation)) && openVersion(context, found, operation);
  }
  // Where several commits brought it, it is called by the first.
  const place = at ?? version.sightings.at(-1);
  return place && siblingInGit(context, place, name);
}

async function siblingInGit(
  context: TrailContext,
  { commit, path: model }: CommitPlace,
  name: string,
): Promise<ClosableAccess | undefined> {
  const { git, gitPrefix, store } = context;
  if (!git) return undefined;
  const blob = await git.blobAt(commit, gitPrefix + path.posix.join(path.posix.dirname(model), name));
  if (blob === undefined || isTree(blob)) return undefined;
  const reader = new BlobReader(git);
  try {
    const size = Number(await git.run(['cat-file', '-s', blob]));
    const small = size < maxPointerBytes ? await reader.small(blob, maxPointerBytes) : undefined;
    const pointer = small && parsePointer(small);
    if (pointer) {
      reader.dispose();
      return await objectsOf(context)(pointer);
    }
    return withEnd(spooledAccess(reader.read(blob), size, store.temporaries), () => reader.dispose());
  } catch (error) {
    reader.dispose();
    throw error;
  }
}

function withEnd(access: ClosableAccess, end: () => void): ClosableAccess {
  return {
    size: access.size,
    read: (offset, length) => access.read(offset, length),
    async close() {
      await access.close().finally(end);
    },
  };
}

function isInside(name: string): boolean {
  const parts = name.split('/');
  // oxlint-disable-next-line no-control-regex -- no file has one
  return name !== '' && !/[\\:\0]/.test(name) && !parts.includes('..') && !name.startsWith('/');
}
