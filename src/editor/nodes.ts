import type * as vscode from 'vscode';
import type { Metrics } from '../core/facts.ts';
import { keyText } from '../core/versionKey.ts';
import type { Version } from '../core/versions.ts';
import type { ModelRow } from '../trail/api/models.ts';
import type { OpenTrail } from './openTrail.ts';

/** The rows of the models view, as data: what they look like is in modelItems.ts. */
export interface FolderNode {
  readonly kind: 'folder';
  readonly folder: vscode.WorkspaceFolder;
}
export interface ModelNode {
  readonly kind: 'model';
  readonly trail: OpenTrail;
  readonly path: string;
  readonly row: ModelRow;
  /** Of the workspace folder, below which its path is shown. */
  readonly shownPath: string;
  /** Absent when there is only one folder, which then is not shown. */
  readonly parent?: FolderNode;
  /** Where its folder differs from those of others of the same name; empty where it does not, or there are none. */
  readonly difference?: string;
  /** The row that it is below with others of its series. */
  readonly series?: SeriesNode;
  /** How many of its versions a filter lets through; absent where none is on. */
  readonly matching?: number;
  /** It shows what is below it by itself: there are no more models than that leaves room for. */
  readonly startsOpen?: boolean;
}
/** Models of one folder whose names differ in numbers alone, when they are many. */
export interface SeriesNode {
  readonly kind: 'series';
  /** Tells it from others, whatever numbers there are. */
  readonly key: string;
  /** `epoch_{0…299}.pt` */
  readonly name: string;
  /** With the highest number first, as the newest version comes first. */
  readonly models: readonly ModelNode[];
  /** Those that a filter leaves. */
  readonly shown: readonly ModelNode[];
  readonly parent?: FolderNode;
  /** As of a model. */
  readonly difference?: string;
  /** As of a model. */
  readonly startsOpen?: boolean;
}
export interface WorkingNode {
  readonly kind: 'working';
  readonly parent: ModelNode;
  /** The version that it equals, or points to. */
  readonly version?: Version;
}
export interface VersionNode {
  readonly kind: 'version';
  readonly parent: ModelNode;
  readonly version: Version;
  /** Of the next older one; absent where that may be one that is not known. */
  readonly metricsBefore?: Metrics;
  readonly checked: boolean;
}
export interface MoreNode {
  readonly kind: 'more';
  readonly parent: ModelNode;
  readonly shown: number;
  readonly total: number;
}
/** A folder that could not be opened, or a trail that could not be read. */
export interface FailedNode {
  readonly kind: 'failed';
  /** Tells it from others of the same name. */
  readonly key: string;
  readonly name: string;
  readonly message: string;
}
export type Node = FolderNode | SeriesNode | ModelNode | WorkingNode | VersionNode | MoreNode | FailedNode;

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function parentOf(node: Node): Node | undefined {
  if (node.kind === 'model') return node.series ?? node.parent;
  return 'parent' in node ? node.parent : undefined;
}

/** Stays the same over refreshes, so that the tree keeps what is expanded and selected. */
export function idOf(node: Node): string {
  switch (node.kind) {
    case 'folder':
      return node.folder.uri.toString();
    case 'series':
      return `series|${node.key}`;
    case 'model':
      return keyText({ root: node.trail.root, model: node.path });
    case 'version':
      return `${idOf(node.parent)}|${node.version.id}`;
    case 'working':
    case 'more':
      return `${idOf(node.parent)}|${node.kind}`;
    case 'failed':
      return `failed|${node.key}`;
  }
}

const kinds = new Set<unknown>([
  'folder',
  'series',
  'model',
  'working',
  'version',
  'more',
  'failed',
] satisfies Node['kind'][]);

/** Whether what a command was given is a row of ours. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value && kinds.has(value.kind);
}
