import { Malformed } from './byteCursor.ts';
import { rangeStream, type ByteStream } from './byteStream.ts';
import { readCatboost } from './catboost/readCatboost.ts';
import { readLightgbm } from './lightgbm.ts';
import type { BoosterFormat } from './pickle/longContent.ts';
import { bytesAccess, type RandomAccess } from './randomAccess.ts';
import type { ReadContext, Reader } from './readers.ts';
import type { TensorInfo } from './summary.ts';
import type { SummaryDraft } from './summaryDraft.ts';
import { unpackedStream } from './unpack/unpackedStream.ts';
import { readXgboost } from './xgboost/readXgboost.ts';

/** Held in memory at once. */
const maxBytes = 64 * 2 ** 20;

const readers: Readonly<Record<BoosterFormat, Reader>> = {
  xgboost: readXgboost,
  lightgbm: readLightgbm,
  catboost: readCatboost,
};

/**
 * The wrappers of scikit-learn pickle a booster as what a file of its own would hold: its trees are those of the model, if it is the only one.
 * @param boosters by the names of the tensors that stand for their bytes
 */
export async function readBooster(
  draft: SummaryDraft,
  boosters: ReadonlyMap<string, BoosterFormat>,
  access: RandomAccess,
  context: ReadContext,
): Promise<void> {
  const [[name, format] = []] = boosters;
  const tensor = draft.tensors.find((tensor) => tensor.name === name);
  if (draft.trees || boosters.size !== 1 || !tensor || !format) return;
  const bytes = await bytesOf(tensor, access, context.signal);
  if (!bytes) return;
  const { trees, hyperparameters, findings } = await readers[format](bytesAccess(bytes), context);
  draft.trees = trees;
  draft.findings.addFrom(tensor.name, findings);
  // A wrapper has said with what it trains.
  if (draft.hyperparameters.size > 0) return;
  for (const [name, value] of hyperparameters) draft.hyperparameters.set(name, value);
}

async function bytesOf(
  { byteOffset, byteLength, storage }: TensorInfo,
  access: RandomAccess,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (byteLength === undefined || byteLength > maxBytes) return undefined;
  if (byteOffset !== undefined) return access.read(byteOffset, byteLength);
  if (storage?.place.kind === 'bytes') return storage.place.bytes;
  if (storage?.place.kind !== 'packed') return undefined;
  const { packedOffset, packedLength, compression, offset } = storage.place;
  const packed = rangeStream(access, packedOffset, packedOffset + packedLength, signal);
  const stream = unpackedStream(packed, compression);
  try {
    await stream.skip(offset);
    return await take(stream, byteLength);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  } finally {
    await stream.close();
  }
}

async function take(stream: ByteStream, length: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  for (let taken = 0; taken < length;) {
    const piece = await stream.next();
    if (!piece) return undefined;
    pieces.push(piece);
    taken += piece.length;
  }
  return Buffer.concat(pieces, length);
}
