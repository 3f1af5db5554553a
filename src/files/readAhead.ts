import type { FileHandle } from 'node:fs/promises';

/**
 * Reads a file to its end, one chunk ahead of whoever works on the chunks.
 * `nextBuffer` says where each chunk goes; buffers may be used again, see `ringOf`.
 */
export async function* readAhead(
  handle: FileHandle,
  nextBuffer: () => Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  let position = 0;
  const read = async (): Promise<Uint8Array> => {
    const buffer = nextBuffer();
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    position += bytesRead;
    return buffer.subarray(0, bytesRead);
  };
  const start = (): Promise<Uint8Array> => {
    const reading = read();
    // A failure is reported where the chunk is awaited, which may be later.
    reading.catch(() => {});
    return reading;
  };
  let ahead = start();
  try {
    for (;;) {
      const chunk = await ahead;
      if (chunk.length === 0) return;
      ahead = start();
      yield chunk;
    }
  } finally {
    // Until then the handle is in use.
    await ahead.catch(() => {});
  }
}

/**
 * Three buffers in turn: one is written to disk, one is hashed, one is read into. So with `readAhead` a chunk keeps its bytes
 * until the second chunk after it is asked for.
 */
export function ringOf(bytes: number): () => Uint8Array {
  const ring: Uint8Array[] = [];
  let turn = 0;
  return () => (ring[turn++ % 3] ??= Buffer.allocUnsafeSlow(bytes));
}
