import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { syncDirectory } from '../files/durable.ts';
import { changedWhileRead } from '../files/hash.ts';
import { hashPartsTogether } from '../files/partHashes.ts';
import { createStreamHash } from '../files/streamHash.ts';
import { type Cutter, cutterFor } from './cutting.ts';
import { PackWriter } from './packWriter.ts';
import { hashBytes, rawEncoding } from './packFormat.ts';
import type { Pack, Packs } from './packs.ts';
import { RecipeBuilder } from './recipe.ts';
import { readIfWhole, type Recipes } from './recipes.ts';
import type { Source } from './source.ts';
import { Splicer } from './splicing.ts';
import type { KeptFile } from './store.ts';
import { touchAgainMs, type Wholeness } from './wholeness.ts';
import { type FileWindow, giveWindowMemoryBack, takeWindowMemory, windowsOf } from './windows.ts';

const attempts = 10;

export interface PutTarget {
  readonly packs: Packs;
  readonly recipes: Recipes;
  readonly wholeness: Wholeness;
  readonly temporaries: string;
}

export interface PutOptions {
  readonly file: string;
  readonly label: string;
  /** Byte offsets where blocks should begin. */
  readonly starts?: readonly number[];
  /** The version that it came from. */
  readonly parent?: ContentId;
  /** What the bytes must be, if that is known. */
  readonly expected?: ContentId;
}

/**
 * Keeps a file's bytes: new blocks in packs of their own, then the recipe. Blocks that others wrote are relied on; should their pack
 * be removed meanwhile, it is all done again.
 */
export async function putSource(
  target: PutTarget,
  source: Source,
  options: PutOptions,
  operation: Operation,
): Promise<KeptFile> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await target.packs.scan();
    const put = new Put(target, source, options, operation);
    const id = await put.run();
    if (id === undefined) continue;
    return { id, size: source.stamp.size, stamp: source.stamp, isFromBefore: put.hasRelied };
  }
  throw new TrailError(
    'io',
    l10n.t('Other programs kept changing the store while {0} was recorded. Try again.', options.file),
  );
}

class Put {
  readonly #target: PutTarget;
  readonly #source: Source;
  readonly #options: PutOptions;
  readonly #operation: Operation;
  readonly #writer: PackWriter;
  readonly #recipe = new RecipeBuilder();
  /** Packs with blocks that are not written because they are there. */
  readonly #relied = new Map<string, Pack>();
  readonly #untouched = new Set<Pack>();
  #splicer: Splicer | undefined;
  #touched = Date.now();

  constructor(target: PutTarget, source: Source, options: PutOptions, operation: Operation) {
    this.#target = target;
    this.#source = source;
    this.#options = options;
    this.#operation = operation;
    this.#writer = new PackWriter(target.temporaries, source.stamp.size);
  }

  /** Whether blocks that were there are not written again. */
  get hasRelied(): boolean {
    return this.#relied.size > 0;
  }

  /** @returns undefined when a pack that was relied on is gone */
  async run(): Promise<ContentId | undefined> {
    try {
      const id = await this.#ingest();
      if (id === undefined) return undefined;
      await this.#source.requireSame();
      throwIfCancelled(this.#operation);
      if (id !== (this.#options.expected ?? id)) {
        throw new TrailError('damaged', l10n.t('{0} is damaged: it holds other bytes.', this.#options.file));
      }
      const isWhole = (await this.#target.wholeness.among([id])).has(id);
      return isWhole || (await this.#keep(id)) ? id : undefined;
    } finally {
      await this.#splicer?.close();
      await this.#writer.discard();
    }
  }

  async #ingest(): Promise<ContentId | undefined> {
    const { file, label, starts } = this.#options;
    const { size } = this.#source.stamp;
    this.#splicer = await this.#splicerFor(starts);
    const whole = createStreamHash(size);
    const windowMemory = takeWindowMemory();
    const cutter = cutterFor(starts, windowMemory.scanner);
    let taking = Promise.resolve(true);
    let done = 0;
    try {
      for await (const window of windowsOf({ handle: this.#source.handle, file }, size, windowMemory.bytes)) {
        throwIfCancelled(this.#operation);
        const { memory, from, fresh, to } = window;
        const hashing = whole.update(memory.subarray(fresh, to));
        const ends = cutAll(window, cutter);
        const rest = from + (ends.at(-1) ?? 0);
        const hashes = hashPartsTogether(memory.subarray(from, rest), ends);
        taking = taking.then(async (ok) => ok && this.#take(memory.subarray(from, rest), ends, await hashes));
        window.done(rest, Promise.all([hashing, taking]));
        done += to - fresh;
        this.#operation.report({ label, done, total: size });
      }
      if (!(await taking)) return undefined;
      await this.#splicer?.end();
      if (!(await this.#touchNew())) return undefined;
      if (done !== size) throw changedWhileRead(file);
      return await whole.digest();
    } finally {
      giveWindowMemoryBack(windowMemory);
      whole.dispose();
    }
  }

  /** Takes up blocks, given their ends and their hashes. @returns whether those that are not written can be relied on */
  async #take(bytes: Uint8Array, ends: readonly number[], hashes: Uint8Array): Promise<boolean> {
    let from = 0;
    for (const [part, end] of ends.entries()) {
      const hash = hashes.subarray(part * hashBytes, (part + 1) * hashBytes);
      const block = bytes.subarray(from, end);
      if (this.#splicer) await this.#takeSpliced(this.#splicer, hash, block);
      else this.#takeBlock(hash, block);
      from = end;
    }
    this.#splicer?.keepHeld();
    await this.#writer.flush();
    return this.#touchNew();
  }

  #takeBlock(hash: Uint8Array, bytes: Uint8Array): void {
    this.#recipe.add(hash, bytes.length);
    if (!this.#isKnown(hash)) this.#writer.add({ hash, encoding: rawEncoding, raw: bytes.length, bytes });
  }

  async #takeSpliced(splicer: Splicer, hash: Uint8Array, bytes: Uint8Array): Promise<void> {
    this.#recipe.add(hash, bytes.length);
    if (splicer.holds(hash) || this.#isKnown(hash)) await splicer.passKnown(hash);
    else await splicer.addNew(hash, bytes);
  }

  #isKnown(hash: Uint8Array): boolean {
    if (this.#writer.has(hash)) return true;
    const known = this.#target.packs.packsToRelyOn(hash);
    if (known) this.#relyOn(known);
    return known !== undefined;
  }

  /** Blocks that follow tensors are what packing compares; only those that were cut by content wander. */
  async #splicerFor(starts: readonly number[] | undefined): Promise<Splicer | undefined> {
    const { packs, recipes } = this.#target;
    const { parent } = this.#options;
    if (parent === undefined || (starts && starts.length > 0)) return undefined;
    const recipe = await readIfWhole(recipes, parent);
    if (!recipe) return undefined;
    return new Splicer(packs, recipe, {
      add: (block) => this.#writer.add(block),
      relyOn: (relied) => this.#relyOn(relied),
    });
  }

  #relyOn(packs: readonly Pack[]): void {
    for (const pack of packs) {
      if (this.#relied.has(pack.id)) continue;
      this.#relied.set(pack.id, pack);
      this.#untouched.add(pack);
    }
  }

  async #touchNew(): Promise<boolean> {
    const again = Date.now() - this.#touched > touchAgainMs;
    const packs = again ? [...this.#relied.values()] : [...this.#untouched];
    if (again) this.#touched = Date.now();
    this.#untouched.clear();
    return this.#target.packs.touch(packs);
  }

  async #keep(id: ContentId): Promise<boolean> {
    const { packs, recipes } = this.#target;
    const own = await packs.add(await this.#writer.finish());
    // Who wrote them may not have come to this yet.
    if (this.#relied.size > 0) await syncDirectory(packs.folder);
    await recipes.write(id, this.#recipe.build());
    // After a long sleep of the machine even our own packs may have been taken for nobody's.
    return packs.touch([...this.#relied.values(), ...own]);
  }
}

/** Where the blocks of a window end, counted from where it begins. */
function cutAll({ memory, from, to, final }: FileWindow, cutter: Cutter): readonly number[] {
  const ends: number[] = [];
  for (let start = from; start < to;) {
    const end = cutter.cut(memory, start, to, final);
    if (end === -1) break;
    ends.push(end - from);
    start = end;
  }
  return ends;
}
