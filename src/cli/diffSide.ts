import { readFile } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ModelPath } from '../core/facts.ts';
import { type Version, versionName } from '../core/versions.ts';
import type { DiffSide } from '../diff/modelDiff.ts';
import type { DiffTarget, Resolved } from '../trail/api/targets.ts';
import type { Session } from './command.ts';
import { kindOnDisk } from './onDisk.ts';
import { resolve } from './references.ts';

/** One of two that a person wants to have compared. */
export interface NamedSide {
  readonly title: string;
  readonly target: DiffTarget;
  readonly onDisk: boolean;
  /** Absent for a file that is no model of the trail. */
  readonly model?: string;
  readonly version?: Version;
  /** The SHA-256, where it is that of a version. */
  readonly content?: string;
}

/**
 * The two that are meant, older one first where only one is named: a version is compared with the file of its model, and a file with the
 * newest version.
 * @throws TrailError `notFound`, `ambiguous`, `usage` where there is nothing to compare it with
 */
export async function diffSides(
  session: Session,
  [typedA, typedB]: readonly [string, string | undefined],
): Promise<readonly [NamedSide, NamedSide]> {
  const side = await diffSide(session, typedA);
  if (typedB !== undefined) return [side, await diffSide(session, typedB)];
  const { model, onDisk } = side;
  if (model !== undefined && !onDisk) return [side, await fileSide(session, model)];
  const newest = model === undefined ? undefined : await newestVersion(session, model);
  if (newest) return [versionSide(session, newest), side];
  throw new TrailError(
    'usage',
    l10n.t('{0} has no versions to compare it with. Name a second version or file.', typedA),
  );
}

async function newestVersion({ trail }: Session, model: ModelPath): Promise<Version | undefined> {
  return (await trail.versions(model, { offset: 0, limit: 1 })).versions[0];
}

/** A reference, or a file or folder on disk that need not be a model of the trail. */
async function diffSide(session: Session, typed: string): Promise<NamedSide> {
  try {
    return await modelSide(session, typed);
  } catch (error) {
    const file = session.paths.absolute(typed);
    const kind = TrailError.is(error, 'notFound') ? await kindOnDisk(file) : undefined;
    if (kind === 'model') return { title: l10n.t('{0} (on disk)', typed), target: { file }, onDisk: true };
    if (kind === undefined) throw error;
    throw new TrailError(
      'usage',
      l10n.t('{0} is a folder that is no model by itself. Name a model in it.', typed),
    );
  }
}

async function modelSide(session: Session, typed: string): Promise<NamedSide> {
  const { model, version, at } = await resolve(session, typed);
  return version ? versionSide(session, version, at) : fileSide(session, model);
}

function versionSide({ paths }: Session, version: Version, at?: Resolved['at']): NamedSide {
  const { model, id } = version;
  const title = `${paths.shown(model)}@${versionName(version)}`;
  return { title, target: { model, version: id, at }, onDisk: false, model, version, content: id };
}

async function fileSide({ trail, paths, operation }: Session, model: ModelPath): Promise<NamedSide> {
  const { version: id } = await trail.checkWorkingCopy(model, operation);
  const version = id === undefined ? undefined : await trail.version({ model, version: id });
  const title = l10n.t('{0} (on disk)', paths.shown(model));
  return { title, target: { model }, onDisk: true, model, version, content: id };
}

const textFormats: ReadonlySet<string> = new Set(['pmml', 'lightgbm', 'xgboostJson', 'lfsPointer', 'text']);
/** More than this nobody reads. In bytes. */
const maxText = 5_000_000;

/** The text of a model that is one. */
export async function textOf(
  { trail, operation }: Session,
  { target }: NamedSide,
  { format, size }: DiffSide,
): Promise<string | undefined> {
  if (!textFormats.has(format) || size > maxText) return undefined;
  return 'file' in target ? readFile(target.file, 'utf8') : trail.manifest(target, operation);
}
