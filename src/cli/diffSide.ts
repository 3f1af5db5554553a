import { readFile } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { type Version, versionName } from '../core/versions.ts';
import type { DiffSide } from '../diff/modelDiff.ts';
import type { DiffTarget } from '../trail/api/targets.ts';
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

/** A reference, or a file or folder on disk that need not be a model of the trail. @throws TrailError `notFound`, `ambiguous` */
export async function diffSide(session: Session, typed: string): Promise<NamedSide> {
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
  const { trail, operation } = session;
  const { model, version: named, at } = await resolve(session, typed);
  const path = session.paths.shown(model);
  if (named) {
    const title = `${path}@${versionName(named)}`;
    return {
      title,
      target: { model, version: named.id, at },
      onDisk: false,
      model,
      version: named,
      content: named.id,
    };
  }
  const { version: id } = await trail.checkWorkingCopy(model, operation);
  const version = id === undefined ? undefined : await session.trail.version({ model, version: id });
  const title = l10n.t('{0} (on disk)', path);
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
