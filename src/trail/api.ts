import type { Author, ContentId, Fact, Metrics, ModelPath, Params } from '../core/facts.ts';
import type { KeepDecision, KeepRules } from '../core/keepRules.ts';
import type { Operation } from '../core/operation.ts';
import type { Version, WorkingCopy } from '../core/versions.ts';
import type { ModelDiff } from '../diff/modelDiff.ts';
import type { TensorComparison, TensorPairNames } from '../diff/tensorsDiff.ts';
import type { ModelRecord } from '../formats/modelRecord.ts';
import type { Histogram, TensorStatistics } from '../tensors/statistics.ts';

/** What the engine shows and does; the same for the editor (through the worker) and the command line. */

export interface TrailSettings {
  /** Globs relative to the trail root that make a file a model. */
  readonly include: readonly string[];
  /** Globs that are never looked into. */
  readonly exclude: readonly string[];
  readonly stages: readonly string[];
  /** The folder of the contents, absolute or relative to the trail root, if not the store's own; several workspaces may share it. */
  readonly storePath?: string;
  /** False in an untrusted workspace: no Git process is started and nothing can be changed. */
  readonly trusted: boolean;
}

export interface ModelRow {
  readonly path: ModelPath;
  readonly working: WorkingCopy;
  readonly versions: number;
  /** The version with the highest number, else the newest. */
  readonly latest?: Version;
}

export interface VersionPage {
  readonly total: number;
  /** Newest first. */
  readonly versions: readonly Version[];
}

/** One version, or with no `version` the working copy. */
export interface Target {
  readonly model: ModelPath;
  readonly version?: ContentId;
}
export interface VersionTarget extends Target {
  readonly version: ContentId;
}

/** A version or working copy, or any file or model folder on disk by its absolute path. */
export type DiffTarget = Target | { readonly file: string };

export interface Resolved {
  readonly model: ModelPath;
  /** Absent for the working copy. */
  readonly version?: Version;
}

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
  /** The metrics file that was picked up, relative to the trail root. */
  readonly metricsFile?: string;
  /** Why a metrics file that is there could not be used. */
  readonly metricsProblem?: string;
}

export interface RollbackPlan {
  readonly target: Version;
  readonly working: WorkingCopy;
  /** Whether the working copy will be recorded first. */
  readonly records: boolean;
  /** Where the bytes will come from; absent when nowhere here has them, then `missing` says where they could come from. */
  readonly from?: 'store' | 'git' | 'lfs' | 'dvc';
  readonly missing?: string;
}
export interface RollbackResult {
  /** The version that the working copy was recorded as first, if it had to be. */
  readonly recorded?: Version;
  readonly restored: Version;
  /** For *Undo*. */
  readonly factId: string;
}

/** The newest change that can be undone. */
export interface UndoPlan {
  readonly fact: Fact;
  /** One sentence: what will happen. */
  readonly description: string;
}

export interface ActivityEntry {
  readonly fact: Fact;
  /** What an undo took back. */
  readonly undid?: Fact;
  readonly undone: boolean;
  readonly undoable: boolean;
  /** `v4`, or a short hash. */
  readonly versionName: string;
}
export interface ActivityPage {
  readonly total: number;
  readonly entries: readonly ActivityEntry[];
}

export interface Problem {
  /** Relative to the trail root, or absolute outside it. */
  readonly path: string;
  readonly message: string;
}

export interface TrailInfo {
  /** Absolute. */
  readonly root: string;
  /** `refused`: Git will not read this repository; `problems` says why. */
  readonly git: 'none' | 'found' | 'untrusted' | 'missingProgram' | 'refused';
  /** The folder of the contents, absolute. */
  readonly store: string;
  /** History before this is not here (a shallow clone). */
  readonly shallow: boolean;
  readonly author: Author;
  readonly problems: readonly Problem[];
}

export interface VerifyOptions {
  /** So many recorded versions, chosen at random; all of them if not given. */
  readonly sample?: number;
  /** Brings back what is damaged or missing from Git, Git LFS, DVC or an equal working copy. */
  readonly repair?: boolean;
}
export interface VerifyReport {
  readonly checked: number;
  readonly bytes: number;
  /** Versions whose bytes were brought back. */
  readonly repaired: number;
  /** What is wrong still. */
  readonly problems: readonly Problem[];
}

/** What a version takes in the store, in bytes. */
export interface VersionUsage {
  readonly version: Version;
  /** Its blocks, those that it shares with others too. */
  readonly stored: number;
  /** What would be free without it. */
  readonly own: number;
}
export interface ModelUsage {
  readonly model: ModelPath;
  /** The recorded versions that are in the store, newest first. */
  readonly versions: readonly VersionUsage[];
  /** The sizes of the versions. */
  readonly size: number;
  /** What they take together. */
  readonly stored: number;
}
export interface TrailUsage {
  /** The folder of the contents. */
  readonly folder: string;
  readonly models: readonly ModelUsage[];
  /** The sizes of all contents in the store, each once. */
  readonly size: number;
  /** What the store takes, with what nobody needs any more and what other branches and folders keep in it. */
  readonly stored: number;
}

/** What would go by some rules and what would stay; nothing is changed by making it. */
export interface FreePlan {
  readonly keep: readonly KeepDecision[];
  readonly free: readonly FreeableVersion[];
  /** What would be free without all that goes, in bytes. */
  readonly bytes: number;
  /** What the store takes now, in bytes. */
  readonly stored: number;
}
export interface FreeableVersion {
  readonly version: Version;
  /** What would be free without this one alone, in bytes: less than its share where others that go share it. */
  readonly bytes: number;
}

export interface ForgetResult {
  /** Whose bytes were given up. */
  readonly forgotten: readonly Version[];
  /** What garbage collection will free because of that, in bytes. */
  readonly bytes: number;
}

export interface GarbageReport {
  /** Pack files that are gone, and what they took, in bytes. */
  readonly removed: number;
  readonly freed: number;
  /** What will be free when nobody has relied on it for an hour, in bytes. */
  readonly waiting: number;
}

/** What the store took before and takes now, in bytes. */
export interface PackReport {
  readonly before: number;
  readonly after: number;
  readonly waiting: number;
}

export interface MoveReport {
  readonly from: string;
  readonly to: string;
  /** In bytes. */
  readonly copied: number;
  /** False when others still use the old folder. */
  readonly removed: boolean;
}

/** What is inside a version or the working copy. */
export interface Inspection {
  readonly record: ModelRecord;
  /** The format as people call it. */
  readonly formatLabel: string;
  /** Absent for a working copy of which nobody knows yet what it is: it is not read whole for this. */
  readonly id?: ContentId;
  /** In bytes. */
  readonly size: number;
}

export interface TensorDetail {
  readonly tensor: string;
  /** Why there are no numbers, in a sentence. */
  readonly obstacle?: string;
  readonly statistics?: TensorStatistics;
  /** Absent where no element is finite. */
  readonly histogram?: Histogram;
}

/** A model with what its elements come to. */
export interface FullInspection extends Inspection {
  /** In the order of the tensors of the record. */
  readonly statistics: readonly Omit<TensorDetail, 'histogram'>[];
}

export interface SliceRequest {
  /** The index in every dimension but the last two; zeros if not given. */
  readonly plane?: readonly number[];
  /** The most that can be shown. */
  readonly rows: number;
  readonly columns: number;
  /** What stands for the elements that share a cell: their mean, or the one that is farthest from zero. */
  readonly reduce: 'mean' | 'extreme';
}

/** The last two dimensions of a tensor, as cells. A tensor of one dimension is one row. */
export interface TensorSlice {
  readonly tensor: string;
  readonly obstacle?: string;
  /** The dimensions before the last two. */
  readonly planes: readonly number[];
  /** Of the plane, in elements. */
  readonly height: number;
  readonly width: number;
  /** In cells; each is `height / rows` by `width / columns` elements, rounded to whole ones. */
  readonly rows: number;
  readonly columns: number;
  /** Row by row. A cell without a finite element is NaN. */
  readonly values: Float32Array;
}

export interface TrailApi {
  info(): Promise<TrailInfo>;
  /** Looks again at the journal, the folder and Git; reads only what is new. Working copies are looked at, not read. */
  refresh(operation: Operation): Promise<void>;
  /** Reads the working copies of which only the bytes can tell whether they changed. */
  checkWorkingCopies(operation: Operation): Promise<void>;
  models(): Promise<readonly ModelRow[]>;
  /** The models as they were the last time, at once; undefined when there is no last time, or `models` knows better by now. */
  modelsBefore(): Promise<readonly ModelRow[] | undefined>;
  versions(model: ModelPath, page: { offset: number; limit: number }): Promise<VersionPage>;
  /** @throws TrailError `notFound`, or `ambiguous` with the candidates */
  resolve(reference: string): Promise<Resolved>;
  /** Reads and hashes the working copy if that is what it takes to know. */
  checkWorkingCopy(model: ModelPath, operation: Operation): Promise<WorkingCopy>;

  record(request: RecordRequest, operation: Operation): Promise<RecordResult>;
  /** @throws TrailError `refused` when the name is taken and `move` is not set. @returns the fact's id */
  tag(target: VersionTarget, name: string, move: boolean): Promise<string>;
  stage(target: VersionTarget, stage: string): Promise<string>;
  note(target: VersionTarget, note: string): Promise<string>;
  measure(target: VersionTarget, values: { metrics: Metrics; params: Params }): Promise<string>;

  planRollback(target: VersionTarget, operation?: Operation): Promise<RollbackPlan>;
  rollback(target: VersionTarget, operation: Operation): Promise<RollbackResult>;
  /** Of the fact given, else of the newest change that can be undone. */
  planUndo(factId?: string): Promise<UndoPlan | undefined>;
  undo(factId: string, operation: Operation): Promise<void>;

  activity(page: { offset: number; limit: number }): Promise<ActivityPage>;
  /** A readable text that stands for a version or the working copy in a text diff. */
  manifest(target: Target, operation: Operation): Promise<string>;
  /** Reads what a model says of itself, not its weights. */
  inspect(target: Target, operation: Operation): Promise<Inspection>;
  /** Reads all of a model, once. */
  inspectAll(target: Target, operation: Operation): Promise<FullInspection>;
  /** Reads one tensor twice: for its statistics, and for the histogram between its least and greatest element. */
  tensorDetail(target: Target, tensor: string, operation: Operation): Promise<TensorDetail>;
  tensorSlice(
    target: Target,
    tensor: string,
    request: SliceRequest,
    operation: Operation,
  ): Promise<TensorSlice>;
  /** What changed from `a` to `b`. Reads all tensors of both, unless it is known from before. */
  diff(a: DiffTarget, b: DiffTarget, operation: Operation): Promise<ModelDiff>;
  /** One pair of tensors in depth; the names are those of one entry of the diff. */
  tensorDifference(
    a: DiffTarget,
    b: DiffTarget,
    tensors: TensorPairNames,
    operation: Operation,
  ): Promise<TensorComparison>;
  /** Writes a version's bytes, verified, to an absolute path. */
  saveAs(target: VersionTarget, path: string, operation: Operation): Promise<void>;
  verify(options: VerifyOptions, operation: Operation): Promise<VerifyReport>;

  usage(operation: Operation): Promise<TrailUsage>;
  planFree(rules: KeepRules, operation: Operation): Promise<FreePlan>;
  /** What would be free without the bytes of some versions, in bytes. @throws TrailError like `forget` */
  planForget(targets: readonly VersionTarget[], operation: Operation): Promise<number>;
  /**
   * Gives up the bytes of recorded versions; what is known of them stays. Their space is free after `collectGarbage`.
   * @throws TrailError `refused` when one is not recorded, or was forgotten before
   */
  forget(targets: readonly VersionTarget[], operation: Operation): Promise<ForgetResult>;
  /** @throws TrailError `refused` when another program tidies up the store */
  collectGarbage(operation: Operation): Promise<GarbageReport>;
  /** Stores the recorded versions in the smallest way. Can be stopped at any moment, and goes on where it was. */
  pack(operation: Operation): Promise<PackReport>;
  /** Copies the store to another folder, verifies it there, and uses it from then on. */
  moveStore(folder: string, operation: Operation): Promise<MoveReport>;
  close(): Promise<void>;
}

/** What changed under a trail, so that views know what to ask again. */
export type TrailChange = 'models' | 'journal' | 'history' | 'workingCopies';
