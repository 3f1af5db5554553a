import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { ContentId } from '../core/facts.ts';
import type { Operation } from '../core/operation.ts';
import { shortId } from '../core/shortId.ts';
import type { HashedFile } from '../files/hash.ts';
import type { FileCopy } from './blocksInFile.ts';
import type { DamagedRange } from './contentWindow.ts';

/** Contents by their SHA-256. What is in it never changes; nothing in it is ever half written. */
export interface ContentStore {
  has(id: ContentId): Promise<boolean>;
  /**
   * Keeps the bytes of a file; they are on the disk when this resolves.
   * @param starts byte offsets where blocks should begin, such as those of tensors; nothing relies on their being true
   * @param parent the version that it came from: what they share within blocks is stored once
   * @throws TrailError `refused` when the file changes meanwhile or is not a file; `notFound`; `cancelled`; `io`
   */
  put(file: string, operation: Operation, starts?: readonly number[], parent?: ContentId): Promise<KeptFile>;
  /**
   * Verified chunks. A chunk keeps its bytes until the second chunk after it is asked for.
   * @param copy another content, which shares blocks with this one: those are read there, and only if they are not what they should be, here
   * @throws TrailError `missingBytes`; `damaged`, as a `DamagedContent` where it is known which bytes
   */
  open(id: ContentId, copy?: FileCopy): AsyncIterable<Uint8Array>;
  /** Reads parts of a content, and no more than the blocks that they are in. @throws like `open` */
  access(id: ContentId): Promise<ContentAccess>;
  /** In bytes. @throws TrailError `missingBytes`, `damaged` */
  sizeOf(id: ContentId): Promise<number>;
  list(): AsyncIterable<ContentId>;
  /** Reads a content and compares it with its identity. */
  check(id: ContentId, operation: Operation): Promise<'ok' | 'missing' | 'damaged'>;
  /** Reads contents, but for the blocks that others have too. @returns whether they can be had again */
  areReadable(
    ids: readonly ContentId[],
    others: readonly ContentId[],
    operation: Operation,
  ): Promise<boolean>;
  /** The parts of a content that are damaged or missing. Empty for one that is whole. @throws like `open` */
  damagedRanges(id: ContentId, operation: Operation): Promise<readonly DamagedRange[]>;
}

export interface KeptFile extends HashedFile {
  /** Whether some of it was in the store before, which was not read. */
  readonly isFromBefore: boolean;
}

/** Like `RandomAccess` of the formats. */
export interface ContentAccess {
  /** In bytes. */
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * What a range is made of, where a block begins with it: two ranges of as many bytes with equal answers hold the same, and nothing was read to
   * know it.
   */
  madeOf?(offset: number, length: number): string | undefined;
  close(): Promise<void>;
}

/** A content of which some bytes are damaged or missing, and are nowhere else in the store. */
export class DamagedContent extends TrailError {
  readonly range: DamagedRange;

  constructor(id: ContentId, range: DamagedRange) {
    super(
      'damaged',
      l10n.t(
        'The kept bytes {0} to {1} of version {2} are damaged. Nothing was changed.',
        range.from,
        range.to - 1,
        shortId(id),
      ),
    );
    this.range = range;
  }
}

export function missing(id: ContentId): TrailError {
  return new TrailError(
    'missingBytes',
    l10n.t('The bytes of version {0} are not in the store on this machine.', shortId(id)),
  );
}
