import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { throwIfCancelled } from '../core/operation.ts';
import { Malformed } from '../formats/byteCursor.ts';
import { rangeStream, type ByteStream } from '../formats/byteStream.ts';
import type { RandomAccess } from '../formats/randomAccess.ts';
import type { PackedPlace } from '../formats/tensorStorage.ts';
import { unpackedStream } from '../formats/unpack/unpackedStream.ts';
import { regrouped } from './storedBytes.ts';

interface Unpacking {
  readonly packedOffset: number;
  readonly stream: ByteStream;
  /** In what it unpacks to. */
  position: number;
  /** What was unpacked and not used yet. */
  rest?: Uint8Array;
}

const neverCancelled = new AbortController().signal;

/** The compressed parts of a file. Tensors mostly follow each other in one: the last one that was read from goes on where it is. */
export class PackedParts {
  readonly #access: RandomAccess;
  #idle: Unpacking | undefined;

  constructor(access: RandomAccess) {
    this.#access = access;
  }

  /** A part of what a place stands for, as `rangeBytes` gives one of a file. */
  async *read(
    place: PackedPlace,
    from: number,
    length: number,
    unit: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const start = place.offset + from;
    const part = await this.#take(place, start);
    let done = false;
    try {
      yield* regrouped(next(part, start + length, signal), start - part.position, length, unit);
      done = true;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      throw new TrailError('damaged', error.message || l10n.t('The compressed content is damaged.'));
    } finally {
      if (done && !this.#idle) this.#idle = part;
      else await part.stream.close();
    }
  }

  async close(): Promise<void> {
    await this.#idle?.stream.close();
    this.#idle = undefined;
  }

  async #take(place: PackedPlace, start: number): Promise<Unpacking> {
    const idle = this.#idle;
    this.#idle = undefined;
    if (idle?.packedOffset === place.packedOffset && idle.position <= start) return idle;
    await idle?.stream.close();
    const { packedOffset, packedLength, compression } = place;
    const packed = rangeStream(this.#access, packedOffset, packedOffset + packedLength, neverCancelled);
    return { packedOffset, stream: unpackedStream(packed, compression, Infinity), position: 0 };
  }
}

async function* next(part: Unpacking, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  while (part.position < end) {
    throwIfCancelled({ signal });
    const bytes = part.rest ?? (await part.stream.next());
    if (!bytes) return;
    const taken = bytes.subarray(0, end - part.position);
    part.rest = taken.length < bytes.length ? bytes.subarray(taken.length) : undefined;
    part.position += taken.length;
    yield taken;
  }
}
