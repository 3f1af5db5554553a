import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { ActivityView } from './editor/activityView.ts';
import { CheckedVersions } from './editor/checkedVersions.ts';
import { registerCommands } from './editor/commands/register.ts';
import { tellWhetherRestricted } from './editor/contextKeys.ts';
import { Decorations } from './editor/decorations.ts';
import { Engine, translations } from './editor/engine.ts';
import { FilterState } from './editor/filterState.ts';
import { InspectEditor } from './editor/inspect/inspectEditor.ts';
import { createLog } from './editor/log.ts';
import { LostEntriesOffer } from './editor/lostEntries.ts';
import { ManifestFileSystem } from './editor/manifestFileSystem.ts';
import { ModelsView } from './editor/modelsView.ts';
import { newestVersions } from './editor/newestVersions.ts';
import { trailAt } from './editor/openTrail.ts';
import { PackWhenIdle } from './editor/packWhenIdle.ts';
import { ComparePanel } from './editor/panels/comparePanel.ts';
import { DiffPanels } from './editor/panels/diffPanels.ts';
import { Problems } from './editor/problems.ts';
import { tellContents } from './editor/tellContents.ts';
import { Trails } from './editor/trails.ts';
import { StatusBar } from './editor/statusBar.ts';
import { versionsOfKeys } from './editor/versionsOfKeys.ts';
import { Watch } from './editor/watch.ts';

/** What the tests in the editor look at, where the editor itself has no way to ask. */
export interface TestAccess {
  readonly models: ModelsView;
  readonly activity: ActivityView;
}

let engine: Engine | undefined;

/** Puts the parts together and returns: nothing is opened or read before a view or a command asks for it. */
export function activate(context: vscode.ExtensionContext): TestAccess | undefined {
  const { extensionUri, extensionMode, subscriptions, workspaceState } = context;
  // For what the parts say here that do not know the editor.
  const contents = translations();
  if (contents) l10n.config({ contents });
  const log = createLog();
  engine = new Engine(extensionUri, log);
  const trails = new Trails(engine, log);
  const checked = new CheckedVersions(workspaceState);
  const manifests = new ManifestFileSystem(trails);
  const filter = new FilterState(workspaceState);
  const models = new ModelsView(trails, checked, filter, log);
  const activity = new ActivityView(trails, log);
  const problems = new Problems(trails, log);
  const inspect = new InspectEditor({ extensionUri, log, trails, engine });
  const diffs = new DiffPanels({
    extensionUri,
    log,
    trails,
    manifests,
    inspect: (file, version) => inspect.show(file, version),
  });
  const panel = new ComparePanel({
    extensionUri,
    log,
    load: (keys) => versionsOfKeys(trails, keys),
    async total({ root, model }) {
      const models = await trailAt(await trails.open(), root).models();
      return models.find(({ path }) => path === model)?.versions;
    },
    async checkNewest({ root, model }, count) {
      const trail = trailAt(await trails.open(), root);
      const keys = await newestVersions({ trail, path: model }, count);
      checked.set(keys.map((key) => [key, true]));
    },
    async reveal({ root, model, version }) {
      const trail = trailAt(await trails.open(), root);
      await models.reveal({ trail, path: model }, version);
    },
    diff: (a, b) => diffs.show({ a, b }),
  });
  subscriptions.push(
    log,
    tellWhetherRestricted(),
    tellContents(trails, log),
    trails,
    checked,
    filter,
    manifests,
    manifests.register(),
    models,
    activity,
    panel,
    panel.register(),
    diffs,
    diffs.register(),
    inspect.register(),
    checked.onDidChange((keys) => void panel.update(keys)),
    trails.onDidChange(() => void panel.update()),
    new Decorations(trails, log),
    problems,
    new StatusBar(trails, inspect, log),
    new Watch(trails, log),
    new LostEntriesOffer(trails, log),
    new PackWhenIdle(engine, trails, log),
    registerCommands({
      trails,
      checked,
      filter,
      models,
      activity,
      problems,
      inspect,
      manifests,
      diffs,
      log,
      showComparison: (keys) => panel.show(keys),
    }),
  );
  return extensionMode === vscode.ExtensionMode.Test ? { models, activity } : undefined;
}

/** The engine saves its index as it stops, which the editor waits for. */
export function deactivate(): Promise<void> | undefined {
  return engine?.dispose();
}
