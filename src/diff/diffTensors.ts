import { createHash } from 'node:crypto';
import type { TensorInfo } from '../formats/summary.ts';
import type { ByteProgress } from './byteProgress.ts';
import type { Readers } from './compareTensors.ts';
import { diffModules } from './diffModules.ts';
import { type ComparedEntry, entriesOf, pairEntry, relativeL2Of } from './entries.ts';
import { compareScaled, ScalesBeside } from './scalesBeside.ts';
import type { ModelSide } from './sides.ts';
import { pairTensors, type ContentHash, type TensorPair } from './tensorPairs.ts';
import type { TensorStatus, TensorsDiff } from './tensorsDiff.ts';

export interface TensorsCompared {
  readonly tensors: TensorsDiff;
  /** Over all that was compared as numbers: norm of b - a by that of a. */
  readonly relativeL2?: number;
}

/** Compares the tensors of two models, in the order in which they lie in `a`, so that the disk is read in one go. */
export async function diffTensors(
  a: ModelSide,
  b: ModelSide,
  progress: ByteProgress,
): Promise<TensorsCompared> {
  const readers = { a, b };
  const tensors = { a: a.summary.tensors, b: b.summary.tensors };
  const pairing = await pairTensors(tensors.a, tensors.b, hashWith(readers, progress));
  for (const pair of pairing.pairs) progress.expect(bytesOf(pair));
  const scales = { a: new ScalesBeside(a), b: new ScalesBeside(b) };
  const compared = new Map<TensorInfo, ComparedEntry>();
  for (const pair of pairing.pairs.toSorted((x, y) => positionOf(x.a) - positionOf(y.a))) {
    const comparison = await compareScaled(readers, scales, pair, progress);
    compared.set(pair.b, pairEntry(pair, comparison, pairing.prefix?.b));
    progress.finished(bytesOf(pair));
  }
  const found = entriesOf(tensors, pairing, compared);
  const entries = found.map(({ entry }) => entry);
  const count = (status: TensorStatus): number => entries.filter((entry) => entry.status === status).length;
  return {
    tensors: {
      added: pairing.added.length,
      removed: pairing.removed.length,
      changed: count('changed'),
      same: count('same'),
      unknown: count('unknown'),
      renamed: entries.filter(({ renamed }) => renamed === 'content' || renamed === 'name').length,
      prefix: pairing.prefix,
      entries,
      modules: diffModules(found),
    },
    relativeL2: relativeL2Of(found),
  };
}

function bytesOf({ a, b }: TensorPair): number {
  return (a.byteLength ?? 0) + (b.byteLength ?? 0);
}

function positionOf({ byteOffset }: TensorInfo): number {
  return byteOffset ?? Number.MAX_SAFE_INTEGER;
}

function hashWith(readers: Readers, progress: ByteProgress): ContentHash {
  return async (side, tensor) => {
    const { tensors } = readers[side];
    const small = await tensors.small(tensor);
    const bytes = small ? [small.bytes] : tensors.bytes(tensor, progress.signal);
    if (!bytes) return undefined;
    progress.expect(tensor.byteLength ?? 0);
    const hash = createHash('sha256');
    let done = 0;
    for await (const piece of bytes) {
      hash.update(piece);
      progress.at((done += piece.length));
    }
    progress.finished(tensor.byteLength ?? 0);
    return hash.digest('base64');
  };
}
