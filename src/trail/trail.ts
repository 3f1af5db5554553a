import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { unattended } from '../core/operation.ts';
import type { Version } from '../core/versions.ts';
import * as annotating from './changes/annotating.ts';
import { activity } from './changes/activity.ts';
import type { TrailApi } from './api/trailApi.ts';
import type { TrailContext, WithTrail } from './context.ts';
import { diff, tensorDifference } from './reading/diffing.ts';
import { planForget } from './upkeep/forgetPlan.ts';
import { collectGarbage, forget } from './upkeep/freeing.ts';
import { planFree } from './upkeep/freePlan.ts';
import { inspect, inspectAll, tensorDetail, tensorSlice } from './reading/inspecting.ts';
import { bringBack, letGo, lostEntries } from './claims/lostEntries.ts';
import { manifest } from './reading/manifests.ts';
import { moveStore } from './upkeep/moving.ts';
import { openContext, type TrailOptions } from './opening.ts';
import { closeModels } from './reading/openModels.ts';
import { pack } from './upkeep/packing.ts';
import { record } from './changes/recording.ts';
import { Refresher } from './catalogue/refreshing.ts';
import { rename } from './changes/renaming.ts';
import { resolve } from './resolving.ts';
import { planRollback, rollback } from './changes/rollingBack.ts';
import { planSaveAs, saveAs } from './changes/saving.ts';
import type { TrailSettings } from './settings.ts';
import { takeTurns } from './turns.ts';
import { planUndo, undo } from './changes/undoing.ts';
import { usage } from './upkeep/usage.ts';
import { verify } from './upkeep/verifying.ts';
import { withPresence } from './catalogue/presence.ts';
import { countMatching, versionIds, versionPage } from './catalogue/versionPages.ts';
import { check, lookAt } from './catalogue/workingCopies.ts';

/** The engine on one folder: the only door to its history. */
export interface Trail extends TrailApi {
  /** Absolute. */
  readonly root: string;
  /** For another trail of this process, which compares with what is kept here. */
  lend<T>(use: (context: TrailContext) => Promise<T>): Promise<T>;
}

/** Opens the trail that a folder belongs to. Reads the index, and nothing else until it is asked. */
export async function openTrail(
  folder: string,
  settings: TrailSettings,
  options: TrailOptions = {},
): Promise<Trail> {
  const { context, git, history, factCache } = await openContext(folder, settings, options);
  const { root, catalogue } = context;
  const now = options.now ?? (() => new Date());
  const refresher = new Refresher(
    context,
    { history, factCache },
    {
      changed: (change) => options.onDidChange?.(root, change),
      log: (level, message) => options.log?.(level, message),
    },
  );
  const { look, change, replace, maintain, readJournal, ended } = takeTurns(context, refresher);
  const lend: Trail['lend'] = (use) => look(() => use(context));
  const withTrail: WithTrail = async (other, use) => {
    if (other === undefined || other === root) return lend(use);
    if (!options.withOther) throw new TrailError('usage', l10n.t('{0} is not open.', other));
    return options.withOther(other, use);
  };

  const withItsPresence = async (version: Version | undefined): Promise<Version | undefined> =>
    version && (await withPresence(context, [version]))[0];

  return {
    root,
    lend,
    info: () =>
      look(() => ({
        root,
        store: context.store.directory,
        git,
        shallow: context.git?.shallow ?? false,
        author: context.author,
        problems: refresher.problems,
      })),
    refresh: (operation) => refresher.refresh(operation),
    checkWorkingCopies: (operation) => refresher.checkWorkingCopies(operation),
    models: () => look(() => refresher.models()),
    versions: (model, request) => look(() => versionPage(context, model, request)),
    versionIds: (model, filter) => look(() => versionIds(context, model, filter)),
    matching: (filter) => look(() => countMatching(context, filter)),
    version: (target) => look(() => withItsPresence(catalogue.find(target))),
    resolve: (reference, operation = unattended) =>
      look(async () => {
        const found = await resolve(
          context,
          reference,
          (place) => refresher.readAt(place, operation),
          operation,
        );
        return { ...found, version: await withItsPresence(found.version) };
      }),
    checkWorkingCopy: (model, operation) => look(() => check(context, model, operation)),
    activity: (page) => look(() => activity(context, page)),

    record: async (request, operation) => {
      const upToDate = (): Promise<void> => refresher.upToDate(operation);
      const recorded = await change(() => record(context, request, operation, upToDate), operation);
      return { ...recorded, notCommitted: await refresher.notCommitted(unattended) };
    },
    tag: (target, name, move) => change(() => annotating.tag(context, target, name, move)),
    stage: (target, stage) => change(() => annotating.stage(context, target, stage)),
    untag: (target, name) => change(() => annotating.untag(context, target, name)),
    unstage: (target) => change(() => annotating.unstage(context, target)),
    note: (target, note) => change(() => annotating.note(context, target, note)),
    measure: (target, values) => change(() => annotating.measure(context, target, values)),
    rename: (from, to, operation) =>
      change(async () => {
        await refresher.upToDate(operation);
        return rename(context, from, to, operation);
      }, operation),
    calledNow: (path) => look(() => catalogue.calledNow(path)),
    planRollback: (target, operation) => look(() => planRollback(context, target, operation)),
    rollback: (target, operation) => replace(() => rollback(context, target, operation), operation),
    planUndo: (factId) => look(() => planUndo(context, factId)),
    undo: (factId, operation) => replace(() => undo(context, factId, operation), operation),

    lostEntries: (operation) => look(() => lostEntries(context, operation)),
    bringBack: (operation) =>
      change(async () => {
        const count = await bringBack(context, operation);
        await refresher.readJournal();
        return count;
      }, operation),
    letGo: (names, operation) => change(() => letGo(context, names, operation), operation),

    manifest: (target, operation) =>
      look(async () => {
        const unknown = !target.version && (await lookAt(context, target.model)).state === 'unchecked';
        const text = await manifest(context, target, operation);
        // It was read for its hash on the way: now it is known what it is.
        if (unknown) refresher.workingCopyRead();
        return text;
      }),
    inspect: (target, operation) => look(() => inspect(context, target, operation)),
    inspectAll: (target, operation) => look(() => inspectAll(context, target, operation)),
    tensorDetail: (target, tensor, operation) => look(() => tensorDetail(context, target, tensor, operation)),
    tensorSlice: (target, tensor, request, operation) =>
      look(() => tensorSlice(context, target, tensor, request, operation)),
    diff: (a, b, operation) => diff(withTrail, a, b, operation),
    tensorDifference: (a, b, tensors, operation) => tensorDifference(withTrail, a, b, tensors, operation),
    planSaveAs: (target, file, operation) =>
      look(() => planSaveAs(context, withTrail, target, file, operation)),
    saveAs: (target, file, operation) => look(() => saveAs(context, withTrail, target, file, operation)),

    verify: (options, operation) =>
      look(() => verify(context, (asked) => refresher.checkJournal(asked, operation), options, operation)),
    usage: (operation) => look(() => usage(context, operation)),
    planFree: (rules, operation) => maintain(() => planFree(context, rules, now(), readJournal, operation)),
    planForget: (targets, operation) => maintain(() => planForget(context, targets, readJournal, operation)),
    forget: (targets, operation) => change(() => forget(context, targets, readJournal, operation), operation),
    collectGarbage: (operation) => maintain(() => collectGarbage(context, readJournal, operation)),
    pack: (operation) => maintain(() => pack(context, operation)),
    moveStore: (folder, operation) => maintain(() => moveStore(context, folder, operation)),

    close: async () => {
      await ended();
      await refresher.stop();
      await closeModels(context);
      context.index.close();
    },
  };
}
