import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { Author, Metrics, ModelPath, Params } from '../core/facts.ts';
import type { KeepRules } from '../core/keepRules.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { type Version, versionName, type WorkingCopy } from '../core/versions.ts';
import { limited } from '../store/limited.ts';
import type { ModelDiff } from '../diff/modelDiff.ts';
import type { TensorComparison, TensorPairNames } from '../diff/tensorsDiff.ts';
import type {
  ActivityPage,
  RecordRequest,
  RecordResult,
  RollbackPlan,
  RollbackResult,
  UndoPlan,
} from './api/changes.ts';
import type {
  FullInspection,
  Inspection,
  SliceRequest,
  TensorDetail,
  TensorSlice,
} from './api/inspection.ts';
import type { ModelRow, TrailChange, TrailInfo, VersionPage } from './api/models.ts';
import type {
  ForgetResult,
  FreePlan,
  GarbageReport,
  MoveReport,
  PackReport,
  TrailUsage,
  VerifyOptions,
  VerifyReport,
} from './api/store.ts';
import type { DiffTarget, Resolved, Target, VersionTarget } from './api/targets.ts';
import type { TrailApi } from './api/trailApi.ts';
import type { TrailSettings } from './settings.ts';
import * as annotating from './annotating.ts';
import type { TrailContext } from './context.ts';
import { diff, tensorDifference } from './diffing.ts';
import { collectGarbage, forget, planForget } from './freeing.ts';
import { planFree } from './freePlan.ts';
import { inspect, inspectAll, tensorDetail, tensorSlice } from './inspecting.ts';
import { manifest } from './manifests.ts';
import { moveStore } from './moving.ts';
import { openContext, type OpenedContext } from './opening.ts';
import { closeModels } from './openModels.ts';
import { pack } from './packing.ts';
import { record } from './recording.ts';
import { Refresher } from './refreshing.ts';
import { resolve } from './resolving.ts';
import { planRollback, rollback } from './rollingBack.ts';
import { saveAs } from './saving.ts';
import { isUndoable, planUndo, undo } from './undoing.ts';
import { usage } from './usage.ts';
import { verify } from './verifying.ts';
import { check, lookAt } from './workingCopies.ts';

export interface TrailOptions {
  readonly onDidChange?: (root: string, change: TrailChange) => void;
  readonly log?: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  /** The clock that facts are dated by; for making examples that are the same every time. */
  readonly now?: () => Date;
  /** Who makes changes; found out from Git or the system if not given. */
  readonly author?: Author;
}

/** The engine on one folder: the only door to its history. Changes are made one after another. */
export class Trail implements TrailApi {
  readonly #context: TrailContext;
  readonly #git: TrailInfo['git'];
  readonly #refresher: Refresher;
  readonly #firstRows: readonly ModelRow[] | undefined;
  readonly #now: () => Date;
  readonly #inTurn = limited(1);

  private constructor(opened: OpenedContext, options: TrailOptions) {
    const { context, git, history, factCache, firstRows } = opened;
    this.#context = context;
    this.#firstRows = firstRows;
    this.#git = git;
    this.#now = options.now ?? (() => new Date());
    this.#refresher = new Refresher(
      context,
      { history, factCache },
      {
        changed: (change) => options.onDidChange?.(context.root, change),
        log: (level, message) => options.log?.(level, message),
        models: () => this.models(),
      },
    );
  }

  /** Opens the trail that a folder belongs to. Reads the index, and nothing else until it is asked. */
  static async open(folder: string, settings: TrailSettings, options: TrailOptions = {}): Promise<Trail> {
    return new Trail(await openContext(folder, settings, options), options);
  }

  get root(): string {
    return this.#context.root;
  }

  async info(): Promise<TrailInfo> {
    await this.#refresher.loaded();
    const { root, git, author, store } = this.#context;
    return {
      root,
      store: store.directory,
      git: this.#git,
      shallow: git?.shallow ?? false,
      author,
      problems: this.#refresher.problems,
    };
  }

  refresh(operation: Operation): Promise<void> {
    return this.#refresher.refresh(operation);
  }

  checkWorkingCopies(operation: Operation): Promise<void> {
    return this.#refresher.checkWorkingCopies(operation);
  }

  async modelsBefore(): Promise<readonly ModelRow[] | undefined> {
    return this.#refresher.isLoaded ? undefined : this.#firstRows;
  }

  async models(): Promise<readonly ModelRow[]> {
    await this.#refresher.loaded();
    const { catalogue } = this.#context;
    return Promise.all(
      catalogue.models().map(async (model): Promise<ModelRow> => {
        const versions = catalogue.versionsOf(model);
        const working = await lookAt(this.#context, model);
        return { path: model, working, versions: versions.length, latest: latestOf(versions) };
      }),
    );
  }

  async versions(model: ModelPath, page: { offset: number; limit: number }): Promise<VersionPage> {
    await this.#refresher.loaded();
    const versions = this.#context.catalogue.versionsOf(model);
    return { total: versions.length, versions: versions.slice(page.offset, page.offset + page.limit) };
  }

  async resolve(reference: string): Promise<Resolved> {
    await this.#refresher.loaded();
    return resolve(this.#context, reference);
  }

  async checkWorkingCopy(model: ModelPath, operation: Operation): Promise<WorkingCopy> {
    await this.#refresher.loaded();
    return check(this.#context, model, operation);
  }

  record(request: RecordRequest, operation: Operation): Promise<RecordResult> {
    return this.#change(() => record(this.#context, request, operation), operation);
  }

  tag(target: VersionTarget, name: string, move: boolean): Promise<string> {
    return this.#change(() => annotating.tag(this.#context, target, name, move));
  }

  stage(target: VersionTarget, stage: string): Promise<string> {
    return this.#change(() => annotating.stage(this.#context, target, stage));
  }

  note(target: VersionTarget, note: string): Promise<string> {
    return this.#change(() => annotating.note(this.#context, target, note));
  }

  measure(target: VersionTarget, values: { metrics: Metrics; params: Params }): Promise<string> {
    return this.#change(() => annotating.measure(this.#context, target, values));
  }

  async planRollback(target: VersionTarget, operation?: Operation): Promise<RollbackPlan> {
    await this.#refresher.loaded();
    return planRollback(this.#context, target, operation);
  }

  rollback(target: VersionTarget, operation: Operation): Promise<RollbackResult> {
    return this.#replace(() => rollback(this.#context, target, operation), operation);
  }

  async planUndo(factId?: string): Promise<UndoPlan | undefined> {
    await this.#refresher.loaded();
    return planUndo(this.#context, factId);
  }

  undo(factId: string, operation: Operation): Promise<void> {
    return this.#replace(() => undo(this.#context, factId, operation), operation);
  }

  async activity(page: { offset: number; limit: number }): Promise<ActivityPage> {
    await this.#refresher.loaded();
    const { catalogue } = this.#context;
    const { facts, undone } = catalogue.state;
    const entries = facts
      .toReversed()
      .slice(page.offset, page.offset + page.limit)
      .map((fact) => {
        const undid = fact.kind === 'undone' ? facts.find(({ id }) => id === fact.undoes) : undefined;
        const about = undid ?? fact;
        const id = 'version' in about ? about.version : '';
        const version = catalogue.versionsOf(fact.model).find((candidate) => candidate.id === id);
        return {
          fact,
          undid,
          undone: undone.has(fact.id),
          undoable: isUndoable(this.#context, fact),
          versionName: version ? versionName(version) : id.slice(0, 7),
        };
      });
    return { total: facts.length, entries };
  }

  async manifest(target: Target, operation: Operation): Promise<string> {
    await this.#refresher.loaded();
    const unknown = !target.version && (await lookAt(this.#context, target.model)).state === 'unchecked';
    const text = await manifest(this.#context, target, operation);
    // It was read for its hash on the way: now it is known what it is.
    if (unknown) this.#refresher.workingCopyRead();
    return text;
  }

  async inspect(target: Target, operation: Operation): Promise<Inspection> {
    await this.#refresher.loaded();
    return inspect(this.#context, target, operation);
  }

  async inspectAll(target: Target, operation: Operation): Promise<FullInspection> {
    await this.#refresher.loaded();
    return inspectAll(this.#context, target, operation);
  }

  async tensorDetail(target: Target, tensor: string, operation: Operation): Promise<TensorDetail> {
    await this.#refresher.loaded();
    return tensorDetail(this.#context, target, tensor, operation);
  }

  async tensorSlice(
    target: Target,
    tensor: string,
    request: SliceRequest,
    operation: Operation,
  ): Promise<TensorSlice> {
    await this.#refresher.loaded();
    return tensorSlice(this.#context, target, tensor, request, operation);
  }

  async diff(a: DiffTarget, b: DiffTarget, operation: Operation): Promise<ModelDiff> {
    await this.#refresher.loaded();
    return diff(this.#context, a, b, operation);
  }

  async tensorDifference(
    a: DiffTarget,
    b: DiffTarget,
    tensors: TensorPairNames,
    operation: Operation,
  ): Promise<TensorComparison> {
    await this.#refresher.loaded();
    return tensorDifference(this.#context, a, b, tensors, operation);
  }

  async saveAs(target: VersionTarget, file: string, operation: Operation): Promise<void> {
    await this.#refresher.loaded();
    if (!path.isAbsolute(file)) throw new TrailError('usage', l10n.t('{0} is not an absolute path.', file));
    return saveAs(this.#context, target, file, operation);
  }

  async verify(options: VerifyOptions, operation: Operation): Promise<VerifyReport> {
    await this.#refresher.loaded();
    if (options.repair) this.#requireTrusted();
    return verify(this.#context, options, operation);
  }

  async usage(operation: Operation): Promise<TrailUsage> {
    await this.#refresher.loaded();
    return usage(this.#context, operation);
  }

  async planFree(rules: KeepRules, operation: Operation): Promise<FreePlan> {
    await this.#refresher.loaded();
    return planFree(this.#context, rules, this.#now(), operation);
  }

  async planForget(targets: readonly VersionTarget[], operation: Operation): Promise<number> {
    await this.#refresher.loaded();
    return planForget(this.#context, targets, operation);
  }

  forget(targets: readonly VersionTarget[], operation: Operation): Promise<ForgetResult> {
    return this.#change(() => forget(this.#context, targets, this.#readJournal, operation), operation);
  }

  // The rest changes no fact, may take long, and lets changes be made meanwhile.

  async collectGarbage(operation: Operation): Promise<GarbageReport> {
    await this.#upToDate();
    return collectGarbage(this.#context, this.#readJournal, operation);
  }

  async pack(operation: Operation): Promise<PackReport> {
    await this.#upToDate();
    return pack(this.#context, operation);
  }

  async moveStore(folder: string, operation: Operation): Promise<MoveReport> {
    await this.#upToDate();
    return moveStore(this.#context, folder, operation);
  }

  async #upToDate(): Promise<void> {
    this.#requireTrusted();
    await this.#refresher.loaded();
    await this.#readJournal();
  }

  /** What others wrote is told of: whoever looks the next time finds nothing new. */
  readonly #readJournal = async (): Promise<void> => {
    if (await this.#refresher.readJournal()) this.#refresher.changed();
  };

  async close(): Promise<void> {
    await this.#inTurn(async () => {});
    await this.#refresher.stop();
    await closeModels(this.#context);
    this.#context.index.close();
  }

  /** A change of working copies: on Windows none that is open can be replaced. */
  async #replace<T>(work: () => Promise<T>, operation: Operation): Promise<T> {
    const run = async (): Promise<T> => {
      await closeModels(this.#context);
      return work();
    };
    return this.#change(run, operation);
  }

  /** Runs a change after those before it, on the newest facts, and tells of it. */
  async #change<T>(work: () => Promise<T>, operation?: Operation): Promise<T> {
    this.#requireTrusted();
    const run = async (): Promise<T> => {
      if (operation) throwIfCancelled(operation);
      await this.#refresher.readJournal();
      try {
        return await work();
      } finally {
        this.#refresher.changed();
      }
    };
    return this.#inTurn(run, operation);
  }

  /** @throws TrailError `refused` */
  #requireTrusted(): void {
    if (this.#context.settings.trusted) return;
    throw new TrailError(
      'refused',
      l10n.t('Nothing can be changed in a workspace that is not trusted. Trust it first.'),
    );
  }
}

function latestOf(versions: readonly Version[]): Version | undefined {
  let latest = versions[0];
  for (const version of versions) if ((version.number ?? 0) > (latest?.number ?? 0)) latest = version;
  return latest;
}
