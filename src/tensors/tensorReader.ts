import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { displayText } from '../formats/displayText.ts';
import type { RandomAccess } from '../formats/randomAccess.ts';
import type { ReadContext } from '../formats/readers.ts';
import type { TensorInfo } from '../formats/summary.ts';
import { elementsOf, isObstacle, type Elements } from './elements.ts';
import { decoder, type Numbers } from './decoder.ts';
import { dequantize, quantizerObstacle } from './dequantize.ts';
import { FilesBeside } from './filesBeside.ts';
import { PackedParts } from './packedParts.ts';
import { meantBytes, rangeBytes, regrouped } from './storedBytes.ts';
import { gathered } from './strided.ts';
import { varintBytes } from './varints.ts';

/** Below this a tensor is small, in bytes. */
const small = 2 ** 16;

/** A part of a tensor, in elements as they follow each other with the last dimension moving fastest. */
export interface ElementRange {
  readonly from: number;
  readonly count: number;
}

/** All elements of a tensor at once. */
export interface SmallTensor {
  readonly bytes: Uint8Array;
  /** Only where there is no obstacle. */
  numbers(): Numbers;
}

/** Reads the elements of the tensors of one model, wherever and however they are kept. */
export interface TensorReader {
  /** Why the elements of a tensor cannot be read as numbers, in a sentence; undefined where they can. */
  obstacle(tensor: TensorInfo): string | undefined;
  /**
   * Pieces in row-major order, each to be used before the next is asked for: they may share memory. Complex elements are given by their
   * magnitude; quantised ones as what they stand for; whole numbers of 64 bits as the nearest double.
   * @throws TrailError for a tensor that has an obstacle; `damaged`; `cancelled`
   */
  numbers(tensor: TensorInfo, signal: AbortSignal, range?: ElementRange): AsyncIterable<Numbers>;
  /** The stored bytes of the elements, row-major and little-endian, to be compared; undefined where they cannot be had. */
  bytes(tensor: TensorInfo, signal: AbortSignal): AsyncIterable<Uint8Array> | undefined;
  /**
   * What `bytes` and `numbers` give, read at once: of a hundred thousand tensors the streams would cost far more than what they carry.
   * Undefined for a tensor that is not small, or not one range of the model's file.
   * @throws TrailError `damaged`
   */
  small(tensor: TensorInfo): Promise<SmallTensor | undefined>;
  /** Closes the files beside the model; the access that was given is its giver's. */
  close(): Promise<void>;
}

/** @param sibling opens a file beside the model, as its reader was given */
export function openTensors(access: RandomAccess, sibling?: ReadContext['sibling']): TensorReader {
  return new Reader(access, sibling);
}

class Reader implements TensorReader {
  readonly #access: RandomAccess;
  readonly #beside: FilesBeside;
  readonly #packed: PackedParts;

  constructor(access: RandomAccess, sibling: ReadContext['sibling']) {
    this.#access = access;
    this.#beside = new FilesBeside(sibling);
    this.#packed = new PackedParts(access);
  }

  obstacle(tensor: TensorInfo): string | undefined {
    const elements = this.#elementsOf(tensor);
    if (isObstacle(elements)) return elements.obstacle;
    return elements.type ? quantizerObstacle(tensor) : typeObstacle(tensor.dtype);
  }

  async *numbers(tensor: TensorInfo, signal: AbortSignal, range?: ElementRange): AsyncGenerator<Numbers> {
    const elements = this.#elementsOf(tensor);
    if (isObstacle(elements)) throw new TrailError('refused', elements.obstacle);
    const { type, count } = elements;
    if (!type || quantizerObstacle(tensor) !== undefined) throw refused(tensor);
    const from = range?.from ?? 0;
    const end = range ? Math.min(count, from + range.count) : count;
    if (!(from >= 0 && from < end)) return;
    const { block, bytes: blockBytes } = type;
    const firstBlock = Math.floor(from / block);
    const lastBlock = Math.ceil(end / block);
    const stored = this.#stored(elements, firstBlock * blockBytes, lastBlock * blockBytes, signal);
    const decode = decoder(type, (lastBlock - firstBlock) * block);
    let at = firstBlock * block;
    for await (const piece of stored) {
      const numbers = dequantize(decode(piece), tensor, at);
      yield numbers.subarray(Math.max(0, from - at), end - at);
      at += numbers.length;
    }
  }

  bytes(tensor: TensorInfo, signal: AbortSignal): AsyncIterable<Uint8Array> | undefined {
    const elements = this.#elementsOf(tensor);
    return isObstacle(elements) ? undefined : this.#stored(elements, 0, elements.byteLength, signal);
  }

  async small(tensor: TensorInfo): Promise<SmallTensor | undefined> {
    const elements = this.#elementsOf(tensor);
    if (isObstacle(elements)) return undefined;
    const { place, byteLength, count, type, strided, negated } = elements;
    const isRange = place.kind === 'file' && place.file === undefined && !strided && !negated;
    if (!isRange || byteLength >= small) return undefined;
    const bytes = meantBytes(await this.#access.read(place.offset, byteLength), elements);
    return {
      bytes,
      numbers() {
        if (!type || quantizerObstacle(tensor) !== undefined) throw refused(tensor);
        return dequantize(decoder(type, count)(bytes).subarray(0, count), tensor, 0);
      },
    };
  }

  async close(): Promise<void> {
    await this.#packed.close();
    await this.#beside.close();
  }

  #elementsOf(tensor: TensorInfo): Elements | { readonly obstacle: string } {
    return elementsOf(tensor, this.#access.size, this.#beside.canOpen);
  }

  /** Little-endian, in the order of the indices, in pieces of whole blocks. */
  async *#stored(
    elements: Elements,
    start: number,
    end: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const { type, strided, byteLength } = elements;
    const unit = type?.bytes ?? 1;
    const last = Math.min(end, byteLength);
    const stored = strided
      ? regrouped(
          gathered(strided, (from, to) => this.#collect(elements, from, to, signal), signal),
          start,
          last - start,
          unit,
        )
      : this.#range(elements, start, last, unit, signal);
    for await (const piece of stored) yield meantBytes(piece, elements);
  }

  /** As they are stored. */
  async *#range(
    { place }: Elements,
    start: number,
    end: number,
    unit: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    if (place.kind === 'file') {
      const access = place.file === undefined ? this.#access : await this.#beside.get(place.file);
      if (place.offset + end > access.size) throw endsBefore(place.file);
      yield* rangeBytes(access, place.offset + start, place.offset + end, unit, signal);
    } else if (place.kind === 'packed') yield* this.#packed.read(place, start, end - start, unit, signal);
    else {
      const stream =
        place.kind === 'bytes'
          ? [place.bytes]
          : place.kind === 'varints'
            ? varintBytes(this.#access, place, signal)
            : place.read(this.#access, signal);
      yield* regrouped(stream, start, end - start, unit);
    }
  }

  async #collect(elements: Elements, start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start);
    let filled = 0;
    for await (const piece of this.#range(elements, start, end, 1, signal)) {
      bytes.set(piece, filled);
      filled += piece.length;
    }
    return bytes;
  }
}

function typeObstacle(dtype: string): string {
  return l10n.t('Elements of the type {0} are not read as numbers.', displayText(dtype));
}

function refused(tensor: TensorInfo): TrailError {
  return new TrailError('refused', quantizerObstacle(tensor) ?? typeObstacle(tensor.dtype));
}

function endsBefore(file: string | undefined): TrailError {
  const message =
    file === undefined
      ? l10n.t('The file ends before the tensor does.')
      : l10n.t('The file "{0}" ends before the tensor does.', displayText(file));
  return new TrailError('damaged', message);
}
