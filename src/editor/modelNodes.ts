import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { FilterState } from './filterState.ts';
import { logError } from './log.ts';
import { type FolderNode, idOf, type ModelNode, type Mutable, type Node, type SeriesNode } from './nodes.ts';
import type { OpenTrail } from './openTrail.ts';
import { SeriesNodes } from './seriesNodes.ts';
import { tellApart } from './tellApart.ts';
import type { Trails } from './trails.ts';

export interface Models {
  readonly models: readonly ModelNode[];
  /** Those of the models that a filter leaves. */
  readonly shown: readonly ModelNode[];
  /** The rows that these are in, with one for each series. */
  readonly rows: readonly (ModelNode | SeriesNode)[];
  readonly failed: readonly Node[];
}

/** Models with versions that somebody looks for. */
const opened = 10;

/**
 * The rows of models. Each is the same object as long as there is the model, with what is known of it now, since the editor knows rows
 * by their object.
 */
export class ModelNodes {
  readonly #trails: Trails;
  readonly #filter: FilterState;
  readonly #log: vscode.LogOutputChannel;
  readonly #folders = new Map<string, FolderNode>();
  readonly #nodes = new Map<string, Mutable<ModelNode>>();
  readonly #series = new SeriesNodes();

  constructor(trails: Trails, filter: FilterState, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#filter = filter;
    this.#log = log;
  }

  /** All models; a trail that cannot be read is one of those that failed. */
  async load(): Promise<Models> {
    const { text } = this.#filter;
    const failed: Node[] = [];
    const models: Mutable<ModelNode>[] = [];
    for (const trail of await this.#trails.open()) {
      try {
        const rows = await trail.models();
        const matching = text === '' ? undefined : await trail.api.matching(text);
        for (const row of rows) {
          const node = this.#modelNode(trail, row);
          node.matching = matching && (matching.get(row.path) ?? 0);
          models.push(node);
        }
      } catch (error) {
        logError(this.#log, error);
        failed.push({ kind: 'failed', key: trail.root, name: trail.root, message: messageOf(error) });
      }
    }
    for (const { folder, message } of this.#trails.failed) {
      failed.push({ kind: 'failed', key: folder.uri.toString(), name: folder.name, message });
    }
    // What was asked of a filter that is no longer on is of no use.
    if (text !== this.#filter.text) return this.load();
    models.sort(byFolderAndPath);
    const shown = models.filter(({ matching }) => matching !== 0);
    const areFew = shown.length <= (text === '' ? 1 : opened);
    for (const node of models) {
      node.startsOpen = areFew;
      // Below a series it needs none.
      node.difference = undefined;
    }
    const rows = this.#series.rowsOf(models, areFew);
    tellApart(rows);
    return { models, shown, rows, failed };
  }

  #modelNode(trail: OpenTrail, row: ModelNode['row']): Mutable<ModelNode> {
    const uri = trail.uri(row.path);
    const shownPath = vscode.workspace.asRelativePath(uri, false).replaceAll('\\', '/');
    const fresh: ModelNode = {
      kind: 'model',
      trail,
      path: row.path,
      row,
      shownPath,
      parent: this.#folder(uri),
    };
    const id = idOf(fresh);
    const node = Object.assign(this.#nodes.get(id) ?? fresh, fresh);
    this.#nodes.set(id, node);
    return node;
  }

  /** Undefined when there is only one folder, which then is not shown. */
  #folder(uri: vscode.Uri): FolderNode | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (!folder || vscode.workspace.workspaceFolders?.length === 1) return undefined;
    const key = folder.uri.toString();
    const known = this.#folders.get(key);
    if (known?.folder === folder) return known;
    const node: FolderNode = { kind: 'folder', folder };
    this.#folders.set(key, node);
    return node;
  }
}

function byFolderAndPath(a: ModelNode, b: ModelNode): number {
  const folders = (a.parent?.folder.index ?? 0) - (b.parent?.folder.index ?? 0);
  return folders || (a.shownPath < b.shownPath ? -1 : 1);
}
