import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { TrailHandle } from '../../engine/client.ts';
import type { CommitPlace } from '../../trail/api/targets.ts';
import type { Engine } from '../engine.ts';
import type { OpenTrail } from '../openTrail.ts';
import type { Trails } from '../trails.ts';
import { LooseTrails } from './looseTrails.ts';

/** Where the engine knows a file from. */
export interface Place {
  readonly api: TrailHandle;
  readonly model: ModelPath;
  /** Absent for a file outside every opened folder. */
  readonly trail?: OpenTrail;
  /** For an address that stands for an earlier version. */
  readonly version?: ContentId;
  /** The commit that such an address names. */
  readonly at?: CommitPlace;
}

/** The file on disk that an address is of. */
export function fileOf(uri: vscode.Uri): vscode.Uri {
  const git = gitAddress(uri);
  return git ? vscode.Uri.file(git.path) : uri;
}

/** Finds files for the engine, those outside every opened folder too. */
export class Places {
  readonly #trails: Trails;
  readonly #loose: LooseTrails;

  constructor(trails: Trails, engine: Engine) {
    this.#trails = trails;
    this.#loose = new LooseTrails(trails, engine);
  }

  /**
   * @param page keeps what it is told of open until it leaves
   * @throws TrailError for what is not on a disk
   */
  async locate(uri: vscode.Uri, page: object): Promise<Place> {
    const file = fileOf(uri);
    if (file.scheme !== 'file')
      throw new TrailError('usage', vscode.l10n.t('Only files on a disk can be looked into.'));
    const place = (await inTrails(file, this.#trails)) ?? (await this.#locateLoose(file, page));
    const git = gitAddress(uri);
    if (!git) return place;
    const { version, at } = await place.api.resolve(`${place.model}@${git.ref}`);
    return { ...place, version: version?.id, at };
  }

  leave(page: object): Promise<void> {
    return this.#loose.leave(page);
  }

  async #locateLoose(file: vscode.Uri, page: object): Promise<Place> {
    const real = await realFile(file.fsPath);
    const api = await this.#loose.use(path.dirname(real), page);
    return { api, model: below(api.root, real) ?? path.basename(real) };
  }
}

async function inTrails(file: vscode.Uri, trails: Trails): Promise<Place | undefined> {
  const found = await trails.find(file);
  if (found) return { api: found.trail.api, model: found.path, trail: found.trail };
  // What the settings leave out can be looked into all the same.
  const real = await realFile(file.fsPath);
  for (const trail of await trails.open()) {
    const model = below(trail.base.fsPath, file.fsPath) ?? below(trail.root, real);
    if (model !== undefined) return { api: trail.api, model, trail };
  }
  return undefined;
}

function below(folder: string, file: string): ModelPath | undefined {
  const relative = path.relative(folder, file);
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return undefined;
  return relative.split(path.sep).join('/');
}

/** The folder's links are followed; the file itself may be gone. */
async function realFile(file: string): Promise<string> {
  const folder = await realpath(path.dirname(file)).catch(() => path.dirname(file));
  return path.join(folder, path.basename(file));
}

/** The built-in Git extension shows both sides of a change, the older one by an address of its own. */
function gitAddress(uri: vscode.Uri): { readonly path: string; readonly ref: string } | undefined {
  if (uri.scheme !== 'git') return undefined;
  try {
    const { path, ref } = JSON.parse(uri.query) as { path?: unknown; ref?: unknown };
    if (typeof path !== 'string' || typeof ref !== 'string') return undefined;
    return { path, ref: ref === '' || ref === '~' ? 'HEAD' : ref };
  } catch {
    return undefined;
  }
}
