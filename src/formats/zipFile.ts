import * as l10n from '@vscode/l10n';
import { Malformed, type ByteCursor } from './byteCursor.ts';
import { rangeStream, type ByteStream } from './byteStream.ts';
import { displayText } from './displayText.ts';
import type { RandomAccess } from './randomAccess.ts';
import type { SummaryDraft } from './summaryDraft.ts';
import type { StoragePlace } from './tensorStorage.ts';
import { unpackedStream } from './unpack/unpackedStream.ts';
import { readZipDirectory, type ZipEntry } from './zip.ts';

const stored = 0;
const deflated = 8;
const localHeader = 30;
const localSignature = 0x04034b50;
const pageSize = 8 * 1024;

/** A ZIP archive whose members can be read. Each by itself: one that is broken hides no other. */
export interface ZipFile {
  /** By name; of two with one name the last, as in Python. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** Where the bytes of a member are, where they are in the file as they are. @throws Malformed */
  dataStart(entry: ZipEntry): Promise<number | undefined>;
  /** Where a part of a member is, as it is or compressed. @throws Malformed */
  place(entry: ZipEntry, offset: number, length: number): Promise<StoragePlace>;
  /** @throws Malformed */
  stream(entry: ZipEntry): Promise<ByteStream>;
  /** The beginning of a member. @throws Malformed */
  head(entry: ZipEntry, max: number): Promise<Uint8Array>;
}

/** @throws Malformed when the file does not end as an archive */
export async function openZip(
  access: RandomAccess,
  cursor: ByteCursor,
  draft: SummaryDraft,
  signal: AbortSignal,
): Promise<ZipFile> {
  const directory = await readZipDirectory(cursor);
  if (!directory.complete) draft.damaged(l10n.t('The list of the archive breaks off.'), cursor.offset);
  draft.count(directory.entries.length);
  const entries = new Map<string, ZipEntry>();
  for (const entry of directory.entries) {
    if (entries.has(entry.name)) {
      draft.findings.warning(
        l10n.t('The archive has two members "{0}".', displayText(entry.name)),
        entry.headerOffset,
      );
    }
    entries.set(entry.name, entry);
  }
  warnOfOverlaps(directory.entries, draft);

  // The headers of small members lie close to each other.
  let page: Buffer = Buffer.alloc(0);
  let pageStart = 0;
  async function start(entry: ZipEntry): Promise<number> {
    const { headerOffset } = entry;
    if (!(headerOffset >= 0 && headerOffset + localHeader <= access.size)) throw broken(entry);
    if (headerOffset < pageStart || headerOffset + localHeader > pageStart + page.length) {
      page = Buffer.from(await access.read(headerOffset, Math.min(pageSize, access.size - headerOffset)));
      pageStart = headerOffset;
    }
    const at = headerOffset - pageStart;
    const data = headerOffset + localHeader + page.readUInt16LE(at + 26) + page.readUInt16LE(at + 28);
    if (page.readUInt32LE(at) !== localSignature || data + entry.compressedSize > access.size) {
      throw broken(entry);
    }
    return data;
  }

  async function stream(entry: ZipEntry): Promise<ByteStream> {
    if (entry.method !== stored && entry.method !== deflated) {
      const name = displayText(entry.name);
      throw new Malformed(l10n.t('The member "{0}" is compressed in a way that is not read.', name));
    }
    const data = await start(entry);
    const packed = rangeStream(access, data, data + entry.compressedSize, signal);
    return entry.method === deflated ? unpackedStream(packed, 'raw') : packed;
  }

  return {
    entries,
    stream,
    async dataStart(entry) {
      const data = await start(entry);
      return entry.method === stored ? data : undefined;
    },
    async place(entry, offset, length) {
      const data = await start(entry);
      if (entry.method === stored) return { kind: 'file', offset: data + offset, length };
      const packed = { packedOffset: data, packedLength: entry.compressedSize };
      return { kind: 'packed', compression: 'raw', ...packed, offset, length };
    },
    async head(entry, max) {
      const source = await stream(entry);
      try {
        const parts: Uint8Array[] = [];
        let length = 0;
        for (let bytes = await source.next(); bytes; bytes = length < max ? await source.next() : undefined) {
          parts.push(bytes);
          length += bytes.length;
        }
        return Buffer.concat(parts).subarray(0, max);
      } finally {
        await source.close();
      }
    },
  };
}

/** The length of what a member holds. */
export function memberSize(entry: ZipEntry): number {
  return entry.method === stored ? entry.compressedSize : entry.size;
}

function warnOfOverlaps(entries: readonly ZipEntry[], draft: SummaryDraft): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.headerOffset - b.headerOffset)) {
    if (entry.headerOffset < end) {
      const name = displayText(entry.name);
      draft.findings.warning(l10n.t('The member "{0}" overlaps another one.', name), entry.headerOffset);
    }
    end = Math.max(end, entry.headerOffset + localHeader + entry.compressedSize);
  }
}

function broken(entry: ZipEntry): Malformed {
  return new Malformed(
    l10n.t('The member "{0}" of the archive is damaged or cut off.', displayText(entry.name)),
  );
}
