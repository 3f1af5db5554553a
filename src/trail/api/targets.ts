import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { Version } from '../../core/versions.ts';

// What a call is about.

/** One version, or with no `version` the working copy. */
export interface Target {
  readonly model: ModelPath;
  readonly version?: ContentId;
}

export interface VersionTarget extends Target {
  readonly version: ContentId;
}

/** Where a version was found in Git. */
export interface CommitPlace {
  readonly commit: string;
  /** The path at that commit, from the root of the trail; differs from the model's after a rename. */
  readonly path: ModelPath;
}

export interface RollbackTarget extends VersionTarget {
  /** Of an ONNX model: the commit whose files with its weights are meant, where one was named. */
  readonly at?: CommitPlace;
}

/** A version or working copy, or any file or model folder on disk by its absolute path. */
export type DiffTarget = TargetOfTrail | { readonly file: string };

interface TargetOfTrail extends Target {
  /** Of another trail that is open in the same engine; this one where it is absent. */
  readonly root?: string;
}

export interface Resolved {
  readonly model: ModelPath;
  /** Absent for the working copy. */
  readonly version?: Version;
  /** Where a commit was named. */
  readonly at?: CommitPlace;
}
