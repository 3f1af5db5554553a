import type { FileHandle } from 'node:fs/promises';
import { copyBytes } from '../files/copyBytes.ts';
import { systemError } from '../files/systemError.ts';
import { type ScannedMemory, scannedMemory } from './kernel/scannedMemory.ts';
import { maxBlockBytes } from './packFormat.ts';

/** Twice as much no longer stays in the processor's cache between one who reads it and the next: a GiB then took a sixth longer. */
const windowBytes = 2 << 20;
const ringLength = 4;
/** Of each window there may be something left over, less than a block: it goes before the next. */
const room = maxBlockBytes;
const slotBytes = room + windowBytes;

/** A piece of a file, behind what was left over of the piece before it. */
export interface FileWindow {
  readonly memory: Uint8Array;
  /** Where in `memory` what was left over begins. */
  readonly from: number;
  /** Where the new bytes begin. */
  readonly fresh: number;
  readonly to: number;
  /** Whether it is the last. */
  readonly final: boolean;
  /** To be called once: `rest` in `memory` begins what is left over, less than a block; `memory` is in use until `busy` resolves. */
  done(rest: number, busy: Promise<unknown>): void;
}

/**
 * Goes through the first `size` bytes of a file, in the memory of `takeWindowMemory`, which is used again and again; the next pieces are
 * read while one is worked on. Ends early when the file does.
 */
export async function* windowsOf(
  opened: OpenFile,
  size: number,
  bytes: Uint8Array,
): AsyncGenerator<FileWindow, void, undefined> {
  const length = Math.min(windowBytes, size);
  const ring = Array.from({ length: ringLength }, (_, slot): Slot => {
    const from = slot * slotBytes;
    return { memory: bytes.subarray(from, from + slotBytes), busy: Promise.resolve() };
  });
  const slotFor = (turn: number): Slot => ring[turn % ringLength]!;
  const read = (turn: number): Promise<number> => {
    const slot = slotFor(turn);
    const from = turn * length;
    const reading = slot.busy.then(() =>
      readFully(opened, slot.memory.subarray(room, room + Math.min(length, size - from)), from),
    );
    // A failure is reported where it is awaited, which may be later.
    reading.catch(() => {});
    return reading;
  };
  let rest: Uint8Array = new Uint8Array(0);
  let ahead = size > 0 ? read(0) : undefined;
  try {
    for (let turn = 0; ahead; turn++) {
      const bytesRead = await ahead;
      const position = turn * length;
      const final = position + bytesRead >= size;
      const ended = bytesRead < Math.min(length, size - position);
      ahead = final || ended ? undefined : read(turn + 1);
      const slot = slotFor(turn);
      const { memory } = slot;
      copyBytes(rest, memory, room - rest.length);
      const to = room + bytesRead;
      yield {
        memory,
        from: room - rest.length,
        fresh: room,
        to,
        final,
        done(restFrom, busy) {
          rest = memory.subarray(restFrom, to);
          slot.busy = busy;
          busy.catch(() => {});
        },
      };
    }
  } finally {
    // Until then the handle and the memory are in use.
    await Promise.allSettled([ahead, ...ring.map(({ busy }) => busy)]);
  }
}

interface OpenFile {
  readonly handle: FileHandle;
  /** What it is called when it cannot be read. */
  readonly file: string;
}

interface Slot {
  readonly memory: Uint8Array;
  busy: Promise<unknown>;
}

/** Memory that was used before: the garbage collector takes its time to find some that two threads have seen. */
const spares: WeakRef<ScannedMemory>[] = [];

/** Memory for one file at a time, to be given back. */
export function takeWindowMemory(): ScannedMemory {
  for (let spare = spares.pop(); spare; spare = spares.pop()) {
    const memory = spare.deref();
    if (memory) return memory;
  }
  return scannedMemory(ringLength * slotBytes);
}

export function giveWindowMemoryBack(memory: ScannedMemory): void {
  spares.push(new WeakRef(memory));
}

async function readFully({ handle, file }: OpenFile, target: Uint8Array, from: number): Promise<number> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await handle
      .read(target, done, target.length - done, from + done)
      .catch((error: unknown) => {
        throw systemError(error, file);
      });
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
