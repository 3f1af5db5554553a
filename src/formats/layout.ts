import { throwIfCancelled } from '../core/operation.ts';
import { ByteCursor, Malformed } from './byteCursor.ts';
import type { FormatName } from './formatNames.ts';
import { ggufRanges } from './layouts/gguf.ts';
import { hdf5Ranges, kerasRanges } from './layouts/hdf5.ts';
import { onnxRanges } from './layouts/onnx.ts';
import { maxRanges, type AddRange, type TensorRange } from './layouts/range.ts';
import { safetensorsRanges } from './layouts/safetensors.ts';
import { npyRanges, npzRanges, torchRanges } from './layouts/zipped.ts';
import type { RandomAccess } from './randomAccess.ts';
import { sniff } from './sniff.ts';

/**
 * Where the tensors of a model file lie: in the order of their bytes, without overlaps, none empty, all within the file. Cutting
 * needs the starts; encoding finds by it the tensor that a block belongs to, the length of its elements, and the block of the same
 * name and place in the parent version.
 */
export type TensorLayout = readonly TensorRange[];

type RangeReader = (cursor: ByteCursor, add: AddRange) => Promise<void>;

const readers: Partial<Record<FormatName, RangeReader>> = {
  gguf: ggufRanges,
  hdf5: hdf5Ranges,
  keras: kerasRanges,
  onnx: onnxRanges,
  pytorch: torchRanges,
  torchscript: torchRanges,
  torchExport: torchRanges,
  npz: npzRanges,
  skops: npzRanges,
  numpy: npyRanges,
};

/**
 * What a hostile or damaged file says is taken as far as it makes sense, and never costs more than its header would.
 * @param name the file's name
 * @returns undefined where no tensor is found
 * @throws TrailError `cancelled`, or when the bytes cannot be read; never for what they say
 */
export async function tensorLayout(
  access: RandomAccess,
  name: string,
  signal?: AbortSignal,
): Promise<TensorLayout | undefined> {
  const format = await sniff(access, name);
  if (signal) throwIfCancelled({ signal });
  const found: TensorRange[] = [];
  const add: AddRange = (range) => {
    if (found.length === maxRanges) throw new Malformed();
    found.push(range);
  };
  try {
    if (format === 'safetensors') await safetensorsRanges(access, add);
    else await readers[format]?.(new ByteCursor(access, signal), add);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
  const layout = tidy(found, access.size);
  return layout.length > 0 ? layout : undefined;
}

/** What lies between tensors and is longer is no padding: the header of an archive's next member, with the checksum of what follows. */
const longestPadding = 32;

/** Where blocks must begin, ascending: at the header, at each tensor, and after it where something else than padding follows. */
export function blockStarts(layout: TensorLayout, size: number): readonly number[] {
  const starts: number[] = [];
  let end = 0;
  for (const { start, length } of layout) {
    if (starts.length === 0 ? start > 0 : start - end > longestPadding) starts.push(end);
    starts.push(start);
    end = start + length;
  }
  if (end < size) starts.push(end);
  return starts;
}

function tidy(found: readonly TensorRange[], size: number): TensorLayout {
  const layout: TensorRange[] = [];
  let end = 0;
  for (const range of found.toSorted((a, b) => a.start - b.start || b.length - a.length)) {
    // The comparisons are false for what is not a number.
    const length = Math.min(range.length, size - range.start);
    if (!(range.start >= end && length > 0)) continue;
    layout.push(length === range.length ? range : { ...range, length });
    end = range.start + length;
  }
  return layout;
}
