import type { Values } from '../../core/contradictions.ts';
import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { KeepRules } from '../../core/keepRules.ts';
import type { Operation } from '../../core/operation.ts';
import type { Version, WorkingCopy } from '../../core/versions.ts';
import type { ModelDiff } from '../../diff/modelDiff.ts';
import type { TensorComparison, TensorPairNames } from '../../diff/tensorsDiff.ts';
import type {
  ActivityPage,
  LostEntries,
  RecordRequest,
  RecordResult,
  RenameResult,
  RollbackPlan,
  RollbackResult,
  SavePlan,
  SaveResult,
  UndoPlan,
  UndoResult,
} from './changes.ts';
import type { FullInspection, Inspection, SliceRequest, TensorDetail, TensorSlice } from './inspection.ts';
import type { ModelRow, PageRequest, TrailInfo, VersionPage } from './models.ts';
import type {
  ForgetPlan,
  ForgetResult,
  FreePlan,
  GarbageReport,
  MoveReport,
  PackReport,
  TrailUsage,
  VerifyOptions,
  VerifyReport,
} from './store.ts';
import type {
  DiffTarget,
  ReadTarget,
  Resolved,
  RollbackTarget,
  SaveTarget,
  VersionTarget,
} from './targets.ts';

/** What the engine shows and does; the same for the editor (through its process) and the command line. */
export interface TrailApi {
  info(): Promise<TrailInfo>;
  /** Looks again at the journal, the folder and Git; reads only what is new. Working copies are looked at, not read. */
  refresh(operation: Operation): Promise<void>;
  /** Reads the working copies of which only the bytes can tell whether they changed. */
  checkWorkingCopies(operation: Operation): Promise<void>;
  models(): Promise<readonly ModelRow[]>;
  /** @throws TrailError `usage` when the filter makes no sense */
  versions(model: ModelPath, page: PageRequest): Promise<VersionPage>;
  /** Of all versions that a filter lets through, newest first. @throws TrailError `usage` */
  versionIds(model: ModelPath, filter?: string): Promise<readonly ContentId[]>;
  /** How many versions of each model a filter lets through. @throws TrailError `usage` */
  matching(filter: string): Promise<ReadonlyMap<ModelPath, number>>;
  /** Undefined where it is not known, or not any more. */
  version(target: VersionTarget): Promise<Version | undefined>;
  /**
   * Reads what a Git revision that is on no local branch has, if that is meant.
   * @throws TrailError `notFound`, or `ambiguous` with the candidates
   */
  resolve(reference: string, operation?: Operation): Promise<Resolved>;
  /** Reads and hashes the working copy if that is what it takes to know. */
  checkWorkingCopy(model: ModelPath, operation: Operation): Promise<WorkingCopy>;

  record(request: RecordRequest, operation: Operation): Promise<RecordResult>;
  /** @throws TrailError `refused` when the name is taken and `move` is not set. @returns the fact's id; none where it was so already */
  tag(target: VersionTarget, name: string, move: boolean): Promise<string | undefined>;
  /** @returns the fact's id; none where it was so already */
  stage(target: VersionTarget, stage: string): Promise<string | undefined>;
  /** Takes a tag off a version. @returns the fact's id; none where it does not have the tag */
  untag(target: VersionTarget, name: string): Promise<string | undefined>;
  /** Takes a version out of its stage, into none. @returns the fact's id; none where it is in none */
  unstage(target: VersionTarget): Promise<string | undefined>;
  note(target: VersionTarget, note: string): Promise<string>;
  /** Adds metrics and params, in place of those of these names. @returns the fact's id; none where they are so already */
  measure(target: VersionTarget, values: Values): Promise<string | undefined>;

  /**
   * Has a model go on under the path that its file was renamed or moved to, where Git does not see it.
   * @throws TrailError `notFound`, `refused` where the file is still there, Git tells it, or numbers would clash
   */
  rename(from: ModelPath, to: ModelPath, operation: Operation): Promise<RenameResult>;
  /** The path of a model now, by one that it had before; undefined where a model has that, or none ever had. */
  calledNow(path: ModelPath): Promise<ModelPath | undefined>;

  planRollback(target: RollbackTarget, operation: Operation): Promise<RollbackPlan>;
  rollback(target: RollbackTarget, operation: Operation): Promise<RollbackResult>;
  /** Of the fact given, else of the newest change that can be undone. */
  planUndo(factId?: string): Promise<UndoPlan | undefined>;
  undo(factId: string, operation: Operation): Promise<UndoResult>;

  /** Undefined when none is. */
  lostEntries(operation: Operation): Promise<LostEntries | undefined>;
  /** Writes them to the journal again. @returns how many */
  bringBack(operation: Operation): Promise<number>;
  /** Speaks no more of those of some entries that are lost still. @returns how many */
  letGo(names: readonly string[], operation: Operation): Promise<number>;

  activity(page: { offset: number; limit: number }): Promise<ActivityPage>;
  /** A readable text that stands for a version or the working copy in a text diff. */
  manifest(target: ReadTarget, operation: Operation): Promise<string>;
  /** Reads what a model says of itself, not its weights. */
  inspect(target: ReadTarget, operation: Operation): Promise<Inspection>;
  /** Reads all of a model, once. */
  inspectAll(target: ReadTarget, operation: Operation): Promise<FullInspection>;
  /** Reads one tensor twice: for its statistics, and for the histogram between its least and greatest element. */
  tensorDetail(target: ReadTarget, tensor: string, operation: Operation): Promise<TensorDetail>;
  tensorSlice(
    target: ReadTarget,
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
  /** @throws TrailError like `saveAs` */
  planSaveAs(target: VersionTarget, path: string, operation: Operation): Promise<SavePlan>;
  /**
   * Writes a version's bytes, verified, to an absolute path; with an ONNX model the files with its weights, in the folder of that.
   * @throws TrailError `refused` where a model is, or a file of one; where one with weights is that may not be overwritten
   */
  saveAs(target: SaveTarget, path: string, operation: Operation): Promise<SaveResult>;
  verify(options: VerifyOptions, operation: Operation): Promise<VerifyReport>;

  usage(operation: Operation): Promise<TrailUsage>;
  planFree(rules: KeepRules, operation: Operation): Promise<FreePlan>;
  /** What giving up the bytes of some versions would do. @throws TrailError like `forget` */
  planForget(targets: readonly VersionTarget[], operation: Operation): Promise<ForgetPlan>;
  /**
   * Gives up the bytes of recorded versions; what is known of them stays. Their space is free after `collectGarbage`.
   * @throws TrailError `refused` when one is not recorded, was forgotten before, or has no bytes in the store here
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
