import * as l10n from '@vscode/l10n';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { TrailError } from '../core/errors.ts';
import type { ModelPath } from '../core/facts.ts';

/** Between paths as they are typed and shown (relative to a directory) and those of models (relative to the trail root). */
export class ModelPaths {
  readonly #root: string;
  readonly #directory: string;

  constructor(root: string, directory: string) {
    this.#root = realPath(root);
    this.#directory = realPath(directory);
  }

  /** @throws TrailError `usage` for a path outside the trail */
  toModel(typed: string): ModelPath {
    const model = this.#inside(typed);
    if (model !== undefined) return model;
    const link = this.#linkOutside(typed);
    if (link === undefined)
      throw new TrailError('usage', l10n.t('{0} is outside {1}, where this trail is.', typed, this.#root));
    throw new TrailError(
      'usage',
      l10n.t(
        '{0} is behind {1}, a link to {2}, which is outside {3}, where this trail is. Run this in the folder that it links to: modeltrail -C {2}',
        typed,
        this.shown(path.relative(this.#root, link)),
        realPath(link),
        this.#root,
      ),
    );
  }

  /** A reference whose model, if it has one, is relative to the root. The model nearer to the directory wins. */
  toReference(typed: string, models: ReadonlySet<ModelPath>): string {
    const ends = [typed.length];
    for (let at = typed.indexOf('@'); at !== -1; at = typed.indexOf('@', at + 1)) ends.push(at);
    for (const end of ends) {
      const model = end === 0 ? undefined : this.#inside(typed.slice(0, end));
      if (model !== undefined && models.has(model)) return model + typed.slice(end);
    }
    return typed;
  }

  /** As one would type it here. */
  shown(model: ModelPath): string {
    return path.relative(this.#directory, path.join(this.#root, model)) || '.';
  }

  /** Of any file or folder. */
  absolute(typed: string): string {
    return path.resolve(this.#directory, typed);
  }

  /** The folder on the way to a path that is in the trail by its name and, being a link, elsewhere. */
  #linkOutside(typed: string): string | undefined {
    let at = this.#root;
    const named = path.relative(this.#root, path.resolve(this.#directory, typed));
    if (isOutside(named)) return undefined;
    for (const part of named.split(path.sep)) {
      at = path.join(at, part);
      if (isOutside(path.relative(this.#root, realPath(at)))) return at;
    }
    return undefined;
  }

  #inside(typed: string): ModelPath | undefined {
    const relative = path.relative(this.#root, realPath(path.resolve(this.#directory, typed), true));
    if (isOutside(relative)) return undefined;
    return relative.split(path.sep).join('/');
  }
}

function isOutside(relative: string): boolean {
  return relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
}

/**
 * Links resolved as far as the path exists, so that one folder has one name (`/tmp` on macOS is a link). The last part of a
 * model's path stays as it is: a model may be a link.
 */
function realPath(absolute: string, keepLast = false): string {
  const parent = path.dirname(absolute);
  if (parent === absolute) return absolute;
  if (!keepLast) {
    try {
      return realpathSync.native(absolute);
    } catch {
      // Not there: its nearest parent that is.
    }
  }
  return path.join(realPath(parent), path.basename(absolute));
}
