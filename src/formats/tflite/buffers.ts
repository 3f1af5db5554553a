import { Malformed } from '../byteCursor.ts';
import type { FlatBuffer } from '../flatBuffer.ts';
import type { SummaryDraft } from '../summaryDraft.ts';

/** Where in the file the bytes of a buffer are. */
export interface BufferRange {
  readonly start: number;
  readonly length: number;
  /** The first tensor that lies in it. */
  owner?: string;
}

/** The buffers of a model: within it, or behind it where it would have more than 2 GiB. */
export async function readBuffers(
  draft: SummaryDraft,
  buffer: FlatBuffer,
  field: number | undefined,
): Promise<readonly BufferRange[]> {
  const buffers: BufferRange[] = [];
  for await (const table of buffer.tables(field)) {
    draft.count();
    const outside = await buffer.u64(table[1]);
    // 0 and 1 stand for nothing.
    if (outside > 1) {
      const length = await buffer.u64(table[2]);
      if (outside + length > buffer.end) throw new Malformed();
      buffers.push({ start: outside, length });
      continue;
    }
    const { start, count } = await buffer.vector(table[0], 1);
    buffers.push({ start, length: count });
  }
  return buffers;
}
