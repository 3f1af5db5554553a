import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ContentId } from '../core/facts.ts';
import type { Operation } from '../core/operation.ts';
import { shortId } from '../core/shortId.ts';
import { makeDirectory } from '../files/durable.ts';
import { removeStaleTemps } from '../files/staleTemps.ts';
import { stampOf } from '../files/stamp.ts';
import { systemError } from '../files/systemError.ts';
import { limited } from './limited.ts';
import { sharesLost } from './lostBlocks.ts';
import {
  type Claims,
  finishForgetting,
  forgetContents,
  recoverContent,
  requireMovable,
} from './forgetting.ts';
import { maintain, type StoreParts } from './maintenance.ts';
import { migrateWholeFiles } from './migrate.ts';
import { type PackSource, packBlocks } from './packing.ts';
import { Packs } from './packs.ts';
import { type PutOptions, putSource } from './putting.ts';
import { openRecipes, readIfWhole } from './recipes.ts';
import { addFreed, type Freed, hourMs, nothingFreed, type RetireOptions } from './retiring.ts';
import { sourceOpener } from './source.ts';
import type { ContentStore, KeptFile } from './store.ts';
import { quarantinedBytes } from './quarantine.ts';
import { type Shares, sharesOf } from './shares.ts';
import { storedContents } from './storedContents.ts';
import { tidy } from './tidying.ts';
import { takeMarksOff } from './unmarking.ts';
import { openWholeFiles, type WholeFiles } from './wholeFiles.ts';
import { Wholeness } from './wholeness.ts';

/** Each takes some 20 MB of memory. */
const putsAtOnce = 2;
const inAnHour: RetireOptions = { graceMs: hourMs };

/** What keeps a store in order works with. */
export interface BlockStore extends ContentStore, StoreParts {
  readonly whole: WholeFiles;
  /** Those of some contents of which all is here, as far as is known without reading them; what they need then stays for most of an hour. */
  wholeAmong(ids: readonly ContentId[]): Promise<ReadonlySet<ContentId>>;
  /** Whether putting in another content again brings back blocks of one that are lost, as far as is known; of itself, whether any are. */
  sharesLost(id: ContentId, other: ContentId): Promise<boolean>;
  /** Relies again on packs of which all is whole that was found to be damaged. */
  takeMarksOff(operation: Pick<Operation, 'signal'>): Promise<void>;
  shares(operation: Pick<Operation, 'signal'>): Promise<Shares>;
  /** What packs and whole files take, in bytes. */
  storedBytes(): Promise<number>;
  /** Stores contents in the smallest way. @throws TrailError `refused` when another program tidies up; `cancelled`; `io` */
  pack(source: PackSource, operation: Operation, options?: RetireOptions): Promise<Freed>;
  /** Removes what no content needs. @throws like `pack`; `damaged` when a recipe cannot be read: nobody knows what it needs */
  collectGarbage(operation: Operation, options?: RetireOptions): Promise<Freed>;
  /** @throws TrailError `io` when the bytes of contents could not be given up, as in a store that is read-only */
  requireMovable(ids: Iterable<ContentId>): Promise<void>;
  /** Gives up the bytes of contents, except for those that turn out to be wanted. @returns those that were here, and are gone */
  forget(ids: Iterable<ContentId>, ask: Claims): Promise<ContentId[]>;
  /** Takes back that a content was given up, as long as that is not finished. @returns whether it was here */
  recover(id: ContentId): Promise<boolean>;
  /** Makes it final that contents were given up, except for those that are wanted again. @returns the whole files that are gone */
  finishForgetting(ask: Claims): Promise<Freed>;
  /**
   * Turns contents of the first layout into blocks. `startsOf` says where the blocks of a file should begin.
   * @returns how many
   */
  migrate(
    operation: Operation,
    startsOf?: (file: string, id: ContentId) => Promise<readonly number[] | undefined>,
  ): Promise<number>;
}

/**
 * The store of docs/store.md. Makes no folder before the first `put`.
 * @param mayMark whether what is found to be damaged while it is read is noted in it
 */
export function openBlockStore(directory: string, mayMark = true): BlockStore {
  const temporaries = path.join(directory, 'tmp');
  const packs = new Packs(path.join(directory, 'packs'), temporaries, mayMark);
  const recipes = openRecipes(path.join(directory, 'recipes'), temporaries);
  const wholeness = new Wholeness(packs, recipes);
  const whole = openWholeFiles(path.join(directory, 'objects'));
  const parts: StoreParts = { directory, temporaries, packs, recipes };
  const openSource = sourceOpener(temporaries);
  const inTurn = limited(putsAtOnce);
  let cleaned: Promise<void> | undefined;

  const putFile = async (options: PutOptions, operation: Operation): Promise<KeptFile> => {
    // First what is wrong with the file: then nothing is made for it.
    await stampOf(options.file);
    try {
      // Each time: who moves the store away removes the folder with all that is in it.
      await makeDirectory(temporaries);
      await (cleaned ??= removeStaleTemps(temporaries));
      const source = await openSource(options.file, operation);
      try {
        return await putSource({ packs, recipes, wholeness, temporaries }, source, options, operation);
      } finally {
        await source.close();
      }
    } catch (error) {
      throw systemError(error, directory);
    }
  };

  const contents = storedContents(parts, whole);

  return {
    ...parts,
    ...contents,

    wholeAmong: (ids) => wholeness.among(ids),

    async sharesLost(id, other) {
      const [recipe, others] = await Promise.all([id, other].map((one) => readIfWhole(recipes, one)));
      return recipe !== undefined && others !== undefined && sharesLost(packs, recipe, others);
    },

    async takeMarksOff(operation) {
      if (mayMark) await takeMarksOff(packs, operation);
    },

    put(file, operation, starts, parent) {
      const label = l10n.t('Recording {0}', path.basename(file));
      return inTurn(() => putFile({ file, label, starts, parent }, operation), operation);
    },

    whole,
    shares: (operation) => sharesOf(parts, whole, operation),

    async storedBytes() {
      await packs.scan();
      let bytes = await quarantinedBytes(directory);
      for (const { size } of packs.list()) bytes += size;
      for await (const id of whole.list()) bytes += (await whole.sizeIfHere(id)) ?? 0;
      return bytes;
    },

    async pack(source, operation, options = inAnHour) {
      const work = async (): Promise<Freed> =>
        addFreed(await packBlocks(parts, source, options, operation), await tidy(parts, options, operation));
      return (await maintain(parts, operation, work)) ?? nothingFreed;
    },

    async collectGarbage(operation, options = inAnHour) {
      return (await maintain(parts, operation, () => tidy(parts, options, operation))) ?? nothingFreed;
    },

    requireMovable: (ids) => requireMovable([recipes, whole], ids),
    forget: (ids, ask) => forgetContents([recipes, whole], ids, ask),
    recover: (id) => recoverContent([recipes, whole], id),

    finishForgetting: (ask) =>
      finishForgetting(path.join(directory, 'recipes'), path.join(directory, 'objects'), ask),

    migrate(operation, startsOf) {
      const keep = async (file: string, id: ContentId): Promise<void> => {
        const label = l10n.t('Packing {0}', shortId(id));
        const starts = await startsOf?.(file, id);
        await inTurn(() => putFile({ file, label, starts, expected: id }, operation), operation);
      };
      const isWhole = async (id: ContentId): Promise<boolean> =>
        (await contents.check(id, operation)) === 'ok';
      return migrateWholeFiles({ whole, keep, isWhole }, operation);
    },
  };
}
