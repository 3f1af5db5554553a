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

/** What is read, or put in place. */
export interface ReadTarget extends Target {
  /** The commit that was named, if one was: its files beside the model are meant, as those with the weights of an ONNX model. */
  readonly at?: CommitPlace;
}

export interface RollbackTarget extends ReadTarget {
  readonly version: ContentId;
}

export interface SaveTarget extends VersionTarget {
  /** Of an ONNX model: the files with its weights that may be overwritten, as it names them. */
  readonly overwrite?: readonly string[];
}

/** A version or working copy, or any file or model folder on disk by its absolute path. */
export type DiffTarget = TargetOfTrail | { readonly file: string };

interface TargetOfTrail extends ReadTarget {
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
