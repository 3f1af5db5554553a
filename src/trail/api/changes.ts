import type { Fact, Metrics, ModelPath, Params } from '../../core/facts.ts';
import type { Version, WorkingCopy } from '../../core/versions.ts';

// What is asked for when something is changed, and what is said of it, then and later.

export interface RecordRequest {
  readonly model: ModelPath;
  readonly message?: string;
  /** Added to those of the metrics file, and stronger. */
  readonly metrics?: Metrics;
  readonly params?: Params;
}

export interface RecordResult {
  readonly version: Version;
  /** False when this content was recorded before. */
  readonly isNew: boolean;
  /** Of a content that was recorded before: the message that this one took the place of. */
  readonly messageBefore?: string;
  /** The metrics file that was picked up, relative to the trail root. */
  readonly metricsFile?: string;
  /** Why a metrics file that is there could not be used, or what is doubtful in it. */
  readonly metricsProblem?: string;
  /** Of a new version: the model that it seems to be, whose file is gone, and of which Git will not say that it was moved. */
  readonly movedFrom?: ModelPath;
  /** Why Git will leave out what was recorded, told with the first version of a trail. */
  readonly notCommitted?: string;
  /** What message, metrics and params went to: `version`, or the files with its weights where only those changed; both where both are new. */
  readonly described: readonly Version[];
  /** Of an ONNX model: the files with its weights, each a model of its own, which were recorded with it. */
  readonly externalData: readonly { readonly version: Version; readonly isNew: boolean }[];
  /** Why others of them could not be recorded. */
  readonly externalDataProblems: readonly string[];
  /** Which files of a new version look as if their end was missing, and why: sentences. */
  readonly cutOff: readonly string[];
}

export interface RenamedFile {
  readonly from: ModelPath;
  readonly to: ModelPath;
  /** For *Undo*; none where it was called so already. */
  readonly factId?: string;
  /** What its file is under the new path, if that is one of its versions. */
  readonly version?: Version;
}

export interface RenameResult extends RenamedFile {
  /** Of an ONNX model: the files with its weights that were moved with it, each a model of its own. */
  readonly externalData: readonly RenamedFile[];
  /** Why others of them do not go on under their new paths. */
  readonly externalDataProblems: readonly string[];
}

interface FileRollbackPlan {
  readonly target: Version;
  readonly working: WorkingCopy;
  /** What the working copy points to, if it is a symbolic link: it will be none any more. */
  readonly link?: string;
  /** Whether the working copy will be recorded first. */
  readonly records: boolean;
  /** Where the bytes will come from; absent when nowhere here has them, then `missing` says where they could come from. */
  readonly from?: 'store' | 'git' | 'lfs' | 'dvc';
  readonly missing?: string;
}

export interface RollbackPlan extends FileRollbackPlan {
  /** Of an ONNX model: the files with its weights that are something else now than they were with the version. */
  readonly externalData: readonly FileRollbackPlan[];
  /** Sentences on those that stay as they are: it is not known what they were then, or nothing is put there. */
  readonly unknownData?: string;
}

interface FileRollbackResult {
  /** The version that the working copy was recorded as first, if it had to be. */
  readonly recorded?: Version;
  readonly restored: Version;
}

export interface RollbackResult extends FileRollbackResult {
  /** The files with its weights that were rolled back with it. */
  readonly externalData: readonly FileRollbackResult[];
  /** As in the plan. */
  readonly unknownData?: string;
  /** For *Undo*. */
  readonly factId: string;
}

export interface SavePlan {
  /** Of an ONNX model: the files with its weights, as it names them, that are there already with other bytes. */
  readonly overwrites: readonly string[];
}

export interface SaveResult {
  /** Sentences on files with its weights that were not saved, if there are any. */
  readonly unsaved?: string;
}

export interface UndoResult {
  /** One sentence on what is not as it was before the change. */
  readonly note?: string;
}

/** The newest change that can be undone. */
export interface UndoPlan {
  readonly fact: Fact;
  /** What its model is called now. */
  readonly model: ModelPath;
  /** Whether to undo it. */
  readonly question: string;
  /** One sentence: what will happen. */
  readonly description: string;
  /** One sentence: what the author did later, and is not undone, where that is what they may think of. */
  readonly passedOver?: string;
}

export interface ActivityEntry {
  readonly fact: Fact;
  /** What its model is called now. */
  readonly model: ModelPath;
  /** What an undo took back. */
  readonly undid?: Fact;
  readonly undone: boolean;
  readonly undoable: boolean;
  /** Whether it recorded a version that was there already: what it said of that is all that an undo takes back. */
  readonly again: boolean;
  /** `v4`, or a short hash. */
  readonly versionName: string;
}

export interface ActivityPage {
  readonly total: number;
  readonly entries: readonly ActivityEntry[];
}

/** Entries of the journal that were written here, and are neither in it nor in a commit. At least one. */
export interface LostEntries {
  /** Their names in the journal, oldest first. */
  readonly names: readonly string[];
  /** What they are about. */
  readonly models: readonly ModelPath[];
}
