import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { type ModelDiff, modelDiffVersion } from '../../diff/modelDiff.ts';
import { makeDirectory } from '../../files/durable.ts';
import { writeCache } from '../../files/safeWrite.ts';
import type { TrailContext } from '../context.ts';
import { trailFolder } from '../root.ts';

/** What takes longer to read than to find out again is not kept. In characters. */
const maxLength = 8 * 2 ** 20;
/** So many tensors are longer than that as text, even those of which nothing is said but that they are the same. */
const maxTensors = 50_000;
const mostKept = 64;

/** Raised when the same two files would be compared with another result. */
const computation = 4;

/** What was found out about two contents, by what they are. Can be deleted at any time. */
export class DiffCache {
  readonly #folder: string;
  readonly #mayWrite: boolean;

  constructor({ root, settings, storeFolder }: TrailContext) {
    this.#folder = path.join(storeFolder, 'diffs');
    // `.modeltrail/` appears with the first thing that the user records, not before.
    const own = path.join(root, trailFolder);
    this.#mayWrite = settings.trusted && (!storeFolder.startsWith(own) || existsSync(own));
  }

  async get(a: string, b: string): Promise<ModelDiff | undefined> {
    const file = this.#fileOf(a, b);
    try {
      const diff = JSON.parse(await readFile(file, 'utf8')) as ModelDiff;
      // Those that are used stay.
      if (this.#mayWrite) await utimes(file, new Date(), new Date());
      return diff;
    } catch {
      return undefined;
    }
  }

  /** A cache that cannot be written is no failure. */
  async put(a: string, b: string, diff: ModelDiff): Promise<void> {
    if (!this.#mayWrite || diff.tensors.entries.length > maxTensors) return;
    const text = JSON.stringify(diff);
    if (text.length > maxLength) return;
    try {
      await makeDirectory(this.#folder);
      await writeCache(this.#fileOf(a, b), text);
      await this.#dropOldest();
    } catch {
      // It is computed again.
    }
  }

  #fileOf(a: string, b: string): string {
    const key = createHash('sha256').update(JSON.stringify([modelDiffVersion, computation, a, b]));
    return path.join(this.#folder, `${key.digest('hex')}.json`);
  }

  async #dropOldest(): Promise<void> {
    const names = await readdir(this.#folder);
    if (names.length <= mostKept) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.#folder, name);
        return { file, used: (await stat(file)).mtimeMs };
      }),
    );
    const oldest = files.sort((a, b) => b.used - a.used).slice(mostKept);
    await Promise.all(oldest.map(({ file }) => rm(file, { force: true })));
  }
}
