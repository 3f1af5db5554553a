import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { Operation } from '../../src/core/operation.ts';
import { unattended } from '../../src/core/operation.ts';
import type { GitVersion } from '../../src/core/versions.ts';
import type { HistoryCache, HistorySnapshot } from '../../src/history/cache.ts';
import { Git } from '../../src/history/git.ts';
import { gitVersions } from '../../src/history/lineage.ts';
import { type ScanOptions, type ScanResult, scanHistory } from '../../src/history/scan.ts';
import { indexedHistoryCache } from '../../src/index/historyCache.ts';
import { LocalIndex } from '../../src/index/localIndex.ts';
import { metricsGlobs, metricsNamesOf } from '../../src/metrics/beside.ts';
import { parseMetrics } from '../../src/metrics/metricsFile.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'history-')));
  folders.push(folder);
  return folder;
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

let clock = Date.UTC(2026, 0, 1) / 1000;

/** A real repository; every commit is a minute later than the one before. */
export class TestRepo {
  readonly folder: string;

  constructor(folder = temporaryFolder(), ...init: string[]) {
    this.folder = folder;
    this.git('init', '--quiet', '--initial-branch=main', ...init);
    this.settle();
  }

  settle(): void {
    this.git('config', 'user.name', 'Ada Lovelace');
    this.git('config', 'user.email', 'ada@example.org');
  }

  git(...args: string[]): string {
    return gitIn(this.folder, ...args);
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  read(path: string): Buffer {
    return readFileSync(join(this.folder, path));
  }

  /** Commits all changes. @returns the commit */
  commit(subject: string): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', subject);
    return this.git('rev-parse', 'HEAD');
  }

  /** Commits all changes at a time, in seconds. @returns the commit */
  commitAt(seconds: number, subject: string): string {
    this.git('add', '--all');
    gitAt(seconds, this.folder, 'commit', '--quiet', '--message', subject);
    return this.git('rev-parse', 'HEAD');
  }

  /** Writes one file and commits it. */
  put(path: string, content: string | Uint8Array, subject = `Change ${path}`): string {
    this.write(path, content);
    return this.commit(subject);
  }
}

export function gitIn(folder: string, ...args: string[]): string {
  clock += 60;
  return gitAt(clock, folder, ...args);
}

function gitAt(seconds: number, folder: string, ...args: string[]): string {
  const date = `${seconds} +0000`;
  return execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, GIT_CONFIG_GLOBAL: '/dev/null' },
  }).trimEnd();
}

/** A Git program that notes each of its starts. */
export function countingGit(): { binary: string; calls(): string[] } {
  const folder = temporaryFolder();
  const log = join(folder, 'calls');
  const binary = join(folder, 'git');
  writeFileSync(log, '');
  writeFileSync(binary, `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nexec git "$@"\n`);
  chmodSync(binary, 0o755);
  return { binary, calls: () => readFileSync(log, 'utf8').split('\n').filter(Boolean) };
}

export const patterns = ['**/*.{onnx,pt}', '**/*.safetensors'];

export async function find(folder: string, binary?: string): Promise<Git> {
  const git = await Git.find(folder, binary);
  if (!git) throw new Error(`no repository at ${folder}`);
  return git;
}

export function scan(
  git: Git,
  cache: HistoryCache,
  options: Partial<ScanOptions> = {},
  operation: Operation = unattended,
): Promise<ScanResult> {
  const all = { patterns, prefix: '', metricsGlobs, metricsNamesOf, parseMetrics, ...options };
  return scanHistory(git, cache, all, operation);
}

/** What is known of Git history, as the trail keeps it. */
export async function emptyCache(): Promise<HistoryCache> {
  return indexedHistoryCache(await LocalIndex.open(join(temporaryFolder(), 'index.sqlite')));
}

export async function scanned(folder: string, known?: HistoryCache): Promise<HistoryCache> {
  const cache = known ?? (await emptyCache());
  await scan(await find(folder), cache);
  return cache;
}

/** Where there ever was a model, sorted. */
export function pathsIn({ events }: HistorySnapshot): string[] {
  return [...new Set(events.flatMap(({ path, blob }) => (blob === undefined ? [] : [path])))].sort();
}

/** The versions of a model after one scan. */
export async function versionsIn(folder: string, model: string): Promise<GitVersion[]> {
  return gitVersions((await scanned(folder)).snapshot(), model);
}

export function ids(versions: readonly GitVersion[]): string[] {
  return versions.map((version) => version.id);
}
