import * as l10n from '@vscode/l10n';
import { Malformed } from './byteCursor.ts';
import { inflatedStream, rangeStream, type ByteStream } from './byteStream.ts';
import { elementCount } from './numberText.ts';
import { arrayOf, pickledType } from './pickle/ndarray.ts';
import { attributesOf, classOf, lengthsOf } from './pickle/objects.ts';
import { AlreadyTold, type InterludeReader } from './pickle/unpickler.ts';
import type { PyArray } from './pickle/values.ts';
import { readPickles } from './pickleFile.ts';
import type { RandomAccess } from './randomAccess.ts';
import type { Reader } from './readers.ts';
import { summarize } from './summaryDraft.ts';

/** Before 0.10: a mark, and the length in hexadecimal digits and spaces. */
const oldHead = 'ZF'.length + 19;

/** Reads what joblib.dump wrote: a pickle with the bytes of arrays in between, often compressed as a whole. */
export const readJoblib: Reader = (access, context) =>
  summarize('joblib', access, context, async (draft, cursor) => {
    const head = Buffer.from(await cursor.bytes(Math.min(8, access.size), 8)).toString('latin1');
    const compression = compressionOf(head);
    if (compression === undefined) {
      return readPickles(draft, rangeStream(access, 0, access.size, context.signal), readArray);
    }
    draft.metadata.set('compression', compression);
    const stream = unpacked(access, compression, context.signal);
    if (!stream) {
      return draft.notRead(l10n.t('The file is compressed with {0}, which is not read.', compression), 0);
    }
    await readPickles(draft, stream, readArray);
  });

function compressionOf(head: string): string | undefined {
  if (head.startsWith('\x1f\x8b')) return 'gzip';
  if (head.startsWith('BZ')) return 'bz2';
  if (head.startsWith('\xfd7zXZ')) return 'xz';
  if (head.startsWith('\x5d\0')) return 'lzma';
  if (head.startsWith('\x04\x22\x4d\x18')) return 'lz4';
  if (head.startsWith('\x28\xb5\x2f\xfd')) return 'zstd';
  if (head.startsWith('ZF')) return 'zlib (old)';
  return head.startsWith('x') ? 'zlib' : undefined;
}

function unpacked(access: RandomAccess, compression: string, signal: AbortSignal): ByteStream | undefined {
  const start = compression === 'zlib (old)' ? Math.min(oldHead, access.size) : 0;
  if (!compression.startsWith('zlib') && compression !== 'gzip') return undefined;
  return inflatedStream(rangeStream(access, start, access.size, signal), 'headed');
}

/** The bytes of an array follow the object that stands for it; an array of objects is a pickle of its own. */
const readArray: InterludeReader = async (object, unpickler) => {
  const { input } = unpickler;
  if (classOf(object) !== 'joblib.numpy_pickle.NumpyArrayWrapper') return undefined;
  const attributes = attributesOf(object);
  const shape = lengthsOf(attributes?.get('shape'));
  const type = pickledType(attributes?.get('dtype'));
  const count = shape && elementCount(shape);
  if (!shape || !type || count === undefined)
    throw new Malformed(l10n.t('The shape of an array makes no sense.'));
  const array = arrayOf(shape, type, attributes?.get('order') === 'F');
  if (type.bytes === 0) {
    const { value, complete } = await unpickler.load();
    if (!complete) throw new AlreadyTold();
    return value;
  }
  // Since 1.2 the bytes are aligned.
  if (typeof attributes?.get('numpy_array_alignment_bytes') === 'number') {
    await input.need(1);
    await input.skip(input.u8());
  }
  const length = count * type.bytes;
  const offset = input.position;
  const kept = input.keep(length);
  await input.need(kept);
  const head = Uint8Array.from(input.bytes(kept));
  await input.skip(length - kept);
  return { ...array, offset, head } satisfies PyArray;
};
