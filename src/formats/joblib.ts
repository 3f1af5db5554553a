import * as l10n from '@vscode/l10n';
import { Malformed } from './byteCursor.ts';
import { rangeStream, type ByteStream } from './byteStream.ts';
import { elementCount } from './numberText.ts';
import { arrayOf, pickledType } from './pickle/ndarray.ts';
import { attributesOf, classOf, lengthsOf } from './pickle/objects.ts';
import { AlreadyTold, type InterludeReader } from './pickle/unpickler.ts';
import type { PyArray } from './pickle/values.ts';
import { readPickles } from './pickleFile.ts';
import { readBooster } from './pickledBooster.ts';
import type { Reader } from './readers.ts';
import { summarize } from './summaryDraft.ts';
import type { Compression } from './tensorStorage.ts';
import { unpackedStream } from './unpack/unpackedStream.ts';

/** Before 0.10: a mark, and the length in hexadecimal digits and spaces. */
const oldHead = 'ZF'.length + 19;

/** Reads what joblib.dump wrote: a pickle with the bytes of arrays in between, often compressed as a whole. */
export const readJoblib: Reader = (access, context) =>
  summarize('joblib', access, context, async (draft, cursor) => {
    const head = Buffer.from(await cursor.bytes(Math.min(8, access.size), 8)).toString('latin1');
    const range = rangeStream(access, 0, access.size, context.signal);
    if (head.startsWith('\x28\xb5\x2f\xfd')) {
      return draft.notRead(l10n.t('The file is compressed with {0}, which is not read.', 'zstd'), 0);
    }
    const found = marks.find(([mark]) => head.startsWith(mark));
    const readAll = async (stream: ByteStream): Promise<void> => {
      const boosters = await readPickles(draft, stream, readArray);
      await readBooster(draft, boosters, access, context);
    };
    if (!found) return readAll(range);
    const [, name, compression] = found;
    draft.metadata.set('compression', name);
    const start = head.startsWith('ZF') ? Math.min(oldHead, access.size) : 0;
    const packed = start === 0 ? range : rangeStream(access, start, access.size, context.signal);
    await readAll(unpackedStream(packed, compression));
  });

/** What compressed files begin with, in Latin-1. */
const marks: readonly (readonly [string, string, Compression])[] = [
  ['\x1f\x8b', 'gzip', 'headed'],
  ['BZ', 'bz2', 'bz2'],
  ['\xfd7zXZ', 'xz', 'xz'],
  ['\x5d\0', 'lzma', 'lzma'],
  ['\x04\x22\x4d\x18', 'lz4', 'lz4'],
  ['ZF', 'zlib (old)', 'headed'],
  ['x', 'zlib', 'headed'],
];

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
