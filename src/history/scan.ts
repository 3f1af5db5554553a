import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { anyOf, insideAny, type PathTest } from '../core/globs.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { newestBeside } from './besides.ts';
import { BlobReader } from './blobs.ts';
import type { HistoryCache, HistoryState } from './cache.ts';
import { findCheckedOut } from './checkedOut.ts';
import { numberCommits } from './commitOrder.ts';
import { readContents } from './contents.ts';
import { candidatesIn, modelEvents, readDirectories } from './directories.ts';
import { type Git, oidPattern } from './git.ts';
import { type GitLog, type LogRange, type LogRequest, readLog, withinPrefix } from './log.ts';
import { readMetricsAt } from './metricsAt.ts';
import { type MetricsFiles, metricsChanges } from './metricsChanges.ts';
import { gitOutput } from './process.ts';
import { readTips, type Tips } from './tips.ts';
import { isTree } from './trees.ts';

export interface ScanOptions extends MetricsFiles {
  /** Globs relative to the trail root that make a file a model. */
  readonly patterns: readonly string[];
  /** Of the trail root, from {@link Git.prefix}. */
  readonly prefix: string;
}

export interface ScanResult {
  /** Contents that history knows of and this machine does not have (a partial clone, a damaged repository). */
  readonly missing: number;
  /** What is wrong with a branch that is left out. */
  readonly problem?: string;
}

/**
 * Brings the cache up to date with all local branches and HEAD. The number of processes does not depend on the number of commits; with
 * nothing new it is one. What was found out before a cancel is not asked again.
 * @throws TrailError `cancelled`, `io`
 */
export async function scanHistory(
  git: Git,
  cache: HistoryCache,
  options: ScanOptions,
  operation: Operation,
): Promise<ScanResult> {
  throwIfCancelled(operation);
  const reader = new BlobReader(git, operation.signal);
  try {
    const tips: Tips =
      options.patterns.length === 0 ? { commits: [] } : await readTips(git, operation.signal);
    await readNewCommits(git, cache, reader, tips.commits, options, operation);
    await findCheckedOut(git, cache, reader, tips.head, options, operation.signal);
    const blobs = cache.pendingBlobs().filter((blob) => !isTree(blob));
    const missing =
      (await readContents(git, cache, reader, blobs, operation)) +
      (await readDirectories(git, cache, reader, operation));
    await readMetricsAt(git, cache, reader, options.prefix, options, operation);
    return { missing, problem: tips.problem };
  } finally {
    reader.dispose();
  }
}

async function readNewCommits(
  git: Git,
  cache: HistoryCache,
  reader: BlobReader,
  tips: readonly string[],
  options: ScanOptions,
  operation: Operation,
): Promise<void> {
  const { patterns, prefix } = options;
  const ends = await shallowEnds(git);
  const scope = scopeOf(patterns, prefix, ends);
  const old = cache.state();
  if (old && old.scope === scope && sameTips(old.tips, tips)) return;

  operation.report({ label: l10n.t('Reading Git history'), done: 0, total: 0 });
  const request = {
    folder: join(git.topLevel, prefix),
    prefix,
    pathspecs: withinPrefix(prefix),
    isWanted: anyOf([...patterns, ...options.metricsGlobs], { nocase: true }),
    signal: operation.signal,
  };
  const known = old?.scope === scope ? old : undefined;
  const onTop = known && (await readOnTop(git, request, tips, known));
  const { log, directories } = onTop ?? (await readModels(git, request, { tips, known: [] }, []));
  const { lastOrder, newest } = known && onTop ? known : { lastOrder: 0, newest: 0 };
  const commits = await numberCommits(log.commits, lastOrder, reader);
  const state: HistoryState = {
    tips,
    scope,
    lastOrder: lastOrder + commits.length,
    newest: log.commits.reduce((latest, { committed }) => Math.max(latest, committed), newest),
    directories,
    ends,
  };
  const events = await modelEvents(log.events, directories, { patterns, prefix }, reader);
  const before = onTop ? cache.snapshot().events : [];
  const changes = await metricsChanges(
    { commits, events, changes: log.events, before },
    prefix,
    options,
    reader,
  );
  const used = new Set([...events, ...changes].map(({ commit }) => commit));
  const models = {
    commits: commits.filter(({ oid }) => used.has(oid)),
    events,
    metricsChanges: changes,
  };
  if (onTop) cache.append(models, state);
  else cache.replace(models, state);
}

interface ModelRequest extends LogRequest {
  readonly isWanted: PathTest;
}

interface ModelLog {
  readonly log: GitLog;
  readonly directories: readonly string[];
}

/** What there is on top of a log that is known; undefined where it is to be read anew. */
async function readOnTop(
  git: Git,
  request: ModelRequest,
  tips: readonly string[],
  known: HistoryState,
): Promise<ModelLog | undefined> {
  if (!(await reachesAll(git, tips, known, request.signal))) return undefined;
  const range = { tips, known: known.tips };
  const read = await readModels(git, request, range, known.directories);
  const areAllAfter = (second: number): boolean =>
    read.log.commits.every(({ committed }) => committed > second);
  // A branch that came late may have commits that belong between those that are known.
  if (areAllAfter(known.newest)) return read;
  // Or the clock of a known one was ahead.
  return areAllAfter(await newestBeside(git, range, request.signal)) ? read : undefined;
}

/** The log of the models that are files, of metrics files, and of everything in folders that may be models. Git lists all changes. */
async function readModels(
  git: Git,
  request: ModelRequest,
  range: LogRange,
  known: readonly string[],
): Promise<ModelLog> {
  // Without a tip Git would look for HEAD, which may have no commit yet.
  if (range.tips.length === 0) return { log: { commits: [], events: [] }, directories: [] };
  const read = (folders: readonly string[]): Promise<GitLog> => {
    const isInside = insideAny(folders);
    return readLog(git, { ...request, isWanted: (path) => request.isWanted(path) || isInside(path) }, range);
  };
  const log = await read(known);
  const directories = candidatesIn(log.events, known);
  // A folder that was not known is looked at whole.
  return { log: directories.length > known.length ? await read(directories) : log, directories };
}

/** Whether all that the old tips reached is still reached: not so after a rebase, or when a branch was deleted unmerged. */
async function reachesAll(
  git: Git,
  tips: readonly string[],
  old: HistoryState,
  signal: AbortSignal,
): Promise<boolean> {
  if (old.tips.length === 0 || tips.length === 0) return false;
  const input = [...old.tips, ...tips.map((tip) => `^${tip}`)].map((line) => `${line}\n`).join('');
  try {
    for await (const _lost of gitOutput(git, ['rev-list', '--max-count=1', '--stdin'], { input, signal }))
      return false;
    return true;
  } catch (error) {
    if (TrailError.is(error, 'cancelled')) throw error;
    // The old commits were pruned.
    return false;
  }
}

/** Where a shallow clone ends, which changes with `git fetch --deepen`: that moves no tip. */
async function shallowEnds(git: Git): Promise<string[]> {
  if (!git.shallow) return [];
  const ends = await readFile(join(git.commonDir, 'shallow'), 'utf8').catch(() => '');
  return ends.split('\n').filter((oid) => oidPattern.test(oid));
}

/** Raised whenever what is kept of commits changes: then all are read anew. */
const scopeFormat = 5;

function scopeOf(patterns: readonly string[], prefix: string, ends: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([scopeFormat, patterns, prefix, ends]))
    .digest('hex');
}

function sameTips(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((tip, index) => tip === b[index]);
}
