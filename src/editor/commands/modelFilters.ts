import * as vscode from 'vscode';
import { isElsewhere, isGone, type Version } from '../../core/versions.ts';
import type { ModelRow } from '../../trail/api/models.ts';
import type { ModelRef, OpenTrail } from '../openTrail.ts';
import { isToRecord } from '../seriesItem.ts';
import type { Trails } from '../trails.ts';
import { chooseFile } from './chooseFile.ts';

/** Which models can be chosen. */
export interface ModelFilter {
  isOffered(row: ModelRow, trail: OpenTrail): boolean | Promise<boolean>;
  /** Which models of a series a command on its row is about; else all that can be chosen. */
  isOfSeries?(row: ModelRow): boolean;
  /** A sentence for where there are models, but none of these. */
  readonly none: string;
  /** What can be done where there are none of these. */
  instead?(trails: Trails, why: string): Promise<ModelRef | undefined>;
}

export function withVersions(): ModelFilter {
  return {
    isOffered: ({ versions }) => versions > 0,
    none: vscode.l10n.t('None of the models here has versions. Record one first.'),
  };
}

export function withFile(): ModelFilter {
  return {
    isOffered: ({ working }) => working.state !== 'missing',
    none: vscode.l10n.t('The files of all models here are missing. Roll one back to have its file again.'),
  };
}

/** Those whose bytes are there to be recorded; else any file. */
export function withBytes(): ModelFilter {
  return {
    isOffered: ({ working }) => working.state !== 'missing' && working.state !== 'pointer',
    isOfSeries: isToRecord,
    none: vscode.l10n.t(
      'None of the models here can be recorded: their files are missing, or only pointers of Git LFS.',
    ),
    instead: chooseFile,
  };
}

/** Those with a file, or else a version, to look into. */
export function withContent(): ModelFilter {
  return {
    isOffered: async ({ path, working }, trail) =>
      working.state !== 'missing' || (await newestHere({ trail, path })) !== undefined,
    none: vscode.l10n.t(
      'The files of all models here are missing, and no version of them is on this machine.',
    ),
  };
}

/** Enough to find one among those that are on other machines. */
const lookedAt = 1000;

/** The newest version whose bytes are on this machine, as far as that is known without reading them. */
export async function newestHere({ trail, path }: ModelRef): Promise<Version | undefined> {
  const { versions } = await trail.api.versions(path, { offset: 0, limit: lookedAt });
  return versions.find((version) => !isGone(version) && !isElsewhere(version));
}
