import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Author, ContentId } from '../../src/core/facts.ts';
import { unattended } from '../../src/core/operation.ts';
import type { VersionTarget } from '../../src/trail/api/targets.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';

const fixtures = path.join(import.meta.dirname, '../../test/fixtures/demo');

/** A repository whose Git knows nothing of this machine's user and settings, so that every commit gets the same id everywhere. */
export class DemoWorkspace {
  readonly folder: string;
  readonly #trail: Trail;
  readonly #clock: { now: Date };

  private constructor(folder: string, clock: { now: Date }, trail: Trail) {
    this.folder = folder;
    this.#clock = clock;
    this.#trail = trail;
  }

  /** In an empty folder. */
  static async create(folder: string, author: Author): Promise<DemoWorkspace> {
    const clock = { now: new Date(0) };
    git(folder, {}, 'init', '--quiet', '--initial-branch=main');
    git(folder, {}, 'config', 'user.name', author.name);
    git(folder, {}, 'config', 'user.email', author.email ?? '');
    git(folder, {}, 'config', 'core.autocrlf', 'false');
    const trail = await openTrail(folder, defaultSettings, { now: () => clock.now, author });
    return new DemoWorkspace(folder, clock, trail);
  }

  close(): Promise<void> {
    return this.#trail.close();
  }

  /** Sets the date, such as `09-01 10:15`, of all that follows. */
  at(date: string): void {
    this.#clock.now = new Date(`2026-${date.replace(' ', 'T')}:00Z`);
  }

  async write(file: string, content: string | Uint8Array): Promise<void> {
    const target = path.join(this.folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
    await utimes(target, this.#clock.now, this.#clock.now);
  }

  /** Puts version `number` of a series in place, as training does: the model, and its metrics beside it. */
  async train(model: string, series: string, number: number): Promise<void> {
    await this.write(model, await readFile(checkpoint(series, number)));
    await this.#writeMetrics(model, series, number);
  }

  /** The same as it is in a clone with Git LFS: a pointer, and its object only where it was fetched. */
  async trainInLfs(model: string, series: string, number: number, fetched: boolean): Promise<void> {
    const bytes = await readFile(checkpoint(series, number));
    const id = sha256(bytes);
    await this.write(
      model,
      `version https://git-lfs.github.com/spec/v1\noid sha256:${id}\nsize ${bytes.length}\n`,
    );
    await this.#writeMetrics(model, series, number);
    if (!fetched) return;
    const object = path.join(this.folder, '.git/lfs/objects', id.slice(0, 2), id.slice(2, 4), id);
    await mkdir(path.dirname(object), { recursive: true });
    await copyFile(checkpoint(series, number), object);
  }

  async #writeMetrics(model: string, series: string, number: number): Promise<void> {
    const text = await readFile(path.join(fixtures, series, `${twoDigits(number)}.json`));
    await this.write(`${model}.metrics.json`, text);
  }

  commit(message: string, ...files: string[]): void {
    this.git('add', '--force', '--', ...files);
    this.git('commit', '--quiet', '--message', message);
  }

  commitModel(model: string, message: string): void {
    this.commit(message, model, `${model}.metrics.json`);
  }

  git(...args: string[]): void {
    const date = this.#clock.now.toISOString();
    git(this.folder, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }, ...args);
  }

  async record(model: string, message: string): Promise<void> {
    await this.#trail.record({ model, message }, unattended);
  }

  async tag(version: VersionTarget, name: string, move = false): Promise<void> {
    await this.#trail.tag(version, name, move);
  }

  async stage(version: VersionTarget, stage: string): Promise<void> {
    await this.#trail.stage(version, stage);
  }

  async note(version: VersionTarget, text: string): Promise<void> {
    await this.#trail.note(version, text);
  }

  async rollBack(version: VersionTarget): Promise<void> {
    await this.#trail.rollback(version, unattended);
  }

  async undo(): Promise<void> {
    const plan = await this.#trail.planUndo();
    if (plan) await this.#trail.undo(plan.fact.id, unattended);
  }

  /** Lets the engine see what Git has learnt, so that those versions can be tagged too. */
  async refresh(): Promise<void> {
    await this.#trail.refresh(unattended);
  }
}

/** What each version of a series is, in the words of who trained it. */
export async function messagesOf(series: string): Promise<readonly string[]> {
  const text = await readFile(path.join(fixtures, series, 'versions.json'), 'utf8');
  return (JSON.parse(text) as { message: string }[]).map(({ message }) => message);
}

export async function contentId(series: string, number: number): Promise<ContentId> {
  return sha256(await readFile(checkpoint(series, number)));
}

function checkpoint(series: string, number: number): string {
  return path.join(fixtures, series, twoDigits(number) + path.extname(series));
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function git(folder: string, dates: Record<string, string>, ...args: string[]): void {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  execFileSync('git', args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...Object.fromEntries(inherited),
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      TZ: 'UTC',
      ...dates,
    },
  });
}
