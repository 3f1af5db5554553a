import * as vscode from 'vscode';
import type { ModelPath } from '../core/facts.ts';
import type { Version } from '../core/versions.ts';
import type { ModelRow } from '../trail/api/models.ts';
import type { TrailSettings } from '../trail/settings.ts';
import type { TrailHandle } from '../worker/client.ts';

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
  #isAsked = false;

  constructor(api: TrailHandle, base: vscode.Uri, settings: TrailSettings) {
    this.api = api;
    this.base = base;
    this.settings = settings;
  }

  get root(): string {
    return this.api.root;
  }

  /** The models under the opened folders; the trail may reach further. */
  models(): Promise<readonly ModelRow[]> {
    if (this.#models) return this.#models;
    const models = this.#ask().then((rows) => rows.filter((row) => this.#isOpened(row.path)));
    this.#models = models;
    models.catch(() => this.forget());
    return models;
  }

  /** The first time, what was kept will do: the engine tells when it has looked again. */
  async #ask(): Promise<readonly ModelRow[]> {
    const before = this.#isAsked ? undefined : await this.api.modelsBefore();
    this.#isAsked = true;
    return before ?? this.api.models();
  }

  forget(): void {
    this.#models = undefined;
  }

  uri(model: ModelPath): vscode.Uri {
    return vscode.Uri.joinPath(this.base, model);
  }

  #isOpened(model: ModelPath): boolean {
    return vscode.workspace.getWorkspaceFolder(this.uri(model)) !== undefined;
  }
}
