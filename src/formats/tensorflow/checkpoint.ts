import { ByteCursor, Malformed } from '../byteCursor.ts';
import { eachField, type Field } from '../protobuf.ts';
import { bytesAccess, type RandomAccess } from '../randomAccess.ts';
import { elementCount } from '../numberText.ts';
import type { TensorInfo } from '../summary.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import type { FilePlace } from '../tensorStorage.ts';
import { readShape } from './file.ts';
import { inflateSnappy } from './snappy.ts';
import { tensorflowType } from './types.ts';

/** The index ends with the places of two blocks, padded, and a mark. */
const footerBytes = 48;
const magic = Buffer.from('57fb808b247547db', 'hex');
const maxBlock = 64 * 2 ** 20;
/** Of the type and the checksum behind each block. */
const trailerBytes = 5;

export async function isCheckpointIndex(access: RandomAccess): Promise<boolean> {
  if (access.size < footerBytes) return false;
  const tail = await access.read(access.size - magic.length, magic.length);
  return magic.equals(tail);
}

/**
 * The names, types and shapes of a checkpoint, from its index; the bytes are in the files beside it.
 * @param name of the index
 */
export async function readCheckpointIndex(
  draft: SummaryDraft,
  cursor: ByteCursor,
  name: string,
): Promise<void> {
  const bundle: Bundle = { prefix: name.replace(/\.index$/, ''), shards: 1, bigEndian: false };
  cursor.moveTo(cursor.size - footerBytes);
  await handle(cursor);
  const index = await readBlock(cursor, await handle(cursor));
  let end = 0;
  for (const [, value] of entries(index)) {
    const place = await handle(new ByteCursor(bytesAccess(value)));
    // Each block lies behind the one before: none is read twice.
    if (place.offset < end) throw new Malformed();
    end = place.offset + place.length;
    for (const [key, message] of entries(await readBlock(cursor, place)))
      await readEntry(draft, bundle, key, message);
  }
  const counts = draft.tensors
    .filter(({ dtype }) => dtype !== 'STRING')
    .map(({ shape }) => elementCount(shape) ?? Number.NaN);
  const parameters = counts.reduce((sum, count) => sum + count, 0);
  if (Number.isSafeInteger(parameters)) draft.parameters = parameters;
}

/** What the header of an index says of the files with the bytes. */
interface Bundle {
  readonly prefix: string;
  shards: number;
  bigEndian: boolean;
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

async function handle(cursor: ByteCursor): Promise<Place> {
  return { offset: Number(await cursor.varint()), length: Number(await cursor.varint()) };
}

async function readBlock(cursor: ByteCursor, { offset, length }: Place): Promise<Uint8Array> {
  if (offset + length + trailerBytes > cursor.size) throw new Malformed();
  cursor.moveTo(offset);
  const bytes = await cursor.bytes(length, maxBlock);
  const compression = await cursor.u8();
  if (compression === 0) return bytes;
  if (compression === 1) return inflateSnappy(bytes, maxBlock);
  throw new Malformed();
}

/** The pairs of a block; keys say how much they share with the one before. */
function* entries(block: Uint8Array): Generator<readonly [key: string, value: Uint8Array]> {
  const view = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  if (view.length < 4) throw new Malformed();
  const end = view.length - 4 * (view.readUInt32LE(view.length - 4) + 1);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (at >= end) break;
      const byte = view[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Malformed();
  };
  let key = Buffer.alloc(0);
  if (end < 0) throw new Malformed();
  while (at < end) {
    const [shared, own, length] = [varint(), varint(), varint()];
    if (shared > key.length || at + own + length > end) throw new Malformed();
    key = Buffer.concat([key.subarray(0, shared), view.subarray(at, at + own)]);
    at += own;
    yield [key.toString(), view.subarray(at, at + length)];
    at += length;
  }
}

/** A BundleEntryProto; the one without a name is the header. */
async function readEntry(
  draft: SummaryDraft,
  bundle: Bundle,
  name: string,
  message: Uint8Array,
): Promise<void> {
  draft.count(3);
  const cursor = new ByteCursor(bytesAccess(message));
  let number = 0;
  let shape: number[] | undefined = [];
  let shard = 0;
  let offset = 0;
  let size = 0;
  let isSliced = false;
  await eachField(cursor, cursor.size, async (field: Field) => {
    const { wireType, value } = field;
    if (field.number === 1 && wireType === 0) number = Number(value);
    else if (field.number === 2 && wireType === 2 && name !== '') {
      shape = await readShape({ cursor, draft, nodes: [], signatures: new Map() }, field.end);
    } else if (field.number === 2 && wireType === 0 && name === '') bundle.bigEndian = value === 1n;
    else if (field.number === 3 && wireType === 0) shard = Number(value);
    else if (field.number === 4 && wireType === 0) offset = Number(value);
    else if (field.number === 5 && wireType === 0) size = Number(value);
    else if (field.number === 7) isSliced = true;
  });
  if (name === '') {
    bundle.shards = number;
    draft.metadata.set('shards', String(number));
    return;
  }
  const info: TensorInfo = { name, dtype: tensorflowType(number).name, shape: shape ?? [], byteLength: size };
  const isRange = [shard, offset, size].every((value) => Number.isSafeInteger(value)) && !isSliced;
  const place: FilePlace = { kind: 'file', file: shardName(bundle, shard), offset, length: size };
  const { bigEndian } = bundle;
  draft.tensors.push(isRange ? { ...info, storage: { place, ...(bigEndian && { bigEndian }) } } : info);
}

function shardName({ prefix, shards }: Bundle, shard: number): string {
  const digits = (number: number): string => String(number).padStart(5, '0');
  return `${prefix}.data-${digits(shard)}-of-${digits(shards)}`;
}
