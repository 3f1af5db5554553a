import nodePath from 'node:path';
import * as vscode from 'vscode';
import { TrailError } from '../core/errors.ts';
import type { ModelPath } from '../core/facts.ts';
import type { Version } from '../core/versions.ts';
import type { ModelRow } from '../trail/api/models.ts';
import type { TrailSettings } from '../trail/settings.ts';
import type { TrailHandle } from '../engine/client.ts';

/** A model of an open trail. */
export interface ModelRef {
  readonly trail: OpenTrail;
  readonly path: ModelPath;
}
export interface VersionRef extends ModelRef {
  readonly version: Version;
}

/** A trail of the workspace. Its models are asked for once and shared by all views until something changes. */
export class OpenTrail {
  readonly api: TrailHandle;
  /** The root as the workspace shows it, which differs from the engine's behind a symbolic link. */
  readonly base: vscode.Uri;
  readonly settings: TrailSettings;
  #models: Promise<readonly ModelRow[]> | undefined;

  /** @param before the models as they were the last time, which will do until the engine tells that it has looked again */
  constructor(api: TrailHandle, base: vscode.Uri, settings: TrailSettings, before?: readonly ModelRow[]) {
    this.api = api;
    this.base = base;
    this.settings = settings;
    if (before) this.#models = Promise.resolve(this.#opened(before));
  }

  get root(): string {
    return this.api.root;
  }

  /** The models under the opened folders; the trail may reach further. */
  models(): Promise<readonly ModelRow[]> {
    if (this.#models) return this.#models;
    const models = this.api.models().then((rows) => this.#opened(rows));
    this.#models = models;
    models.catch(() => this.forget());
    return models;
  }

  forget(): void {
    this.#models = undefined;
  }

  uri(model: ModelPath): vscode.Uri {
    return vscode.Uri.joinPath(this.base, model);
  }

  /** What a model in this file is called; undefined outside the trail. */
  pathOf(file: vscode.Uri): ModelPath | undefined {
    const inner = nodePath.relative(this.base.fsPath, file.fsPath).replaceAll(nodePath.sep, '/');
    return inner === '' || inner.split('/')[0] === '..' || nodePath.isAbsolute(inner) ? undefined : inner;
  }

  #opened(rows: readonly ModelRow[]): readonly ModelRow[] {
    return rows.filter(({ path }) => vscode.workspace.getWorkspaceFolder(this.uri(path)) !== undefined);
  }
}

/** The trail that has a root. @throws TrailError `notFound` */
export function trailAt(trails: readonly OpenTrail[], root: string): OpenTrail {
  const trail = trails.find((trail) => trail.root === root);
  if (trail) return trail;
  throw new TrailError(
    'notFound',
    vscode.l10n.t(
      'The folder {0} is not open in this window. Add it to the workspace, then try again.',
      root,
    ),
  );
}
