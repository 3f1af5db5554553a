import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { RandomAccess } from '../formats/randomAccess.ts';
import type { VarintPlace } from '../formats/tensorStorage.ts';
import { rangeBytes } from './storedBytes.ts';

/** The lowest bytes of numbers that are packed as protobuf does, seven bits to a byte. */
export async function* varintBytes(
  access: RandomAccess,
  { parts, bytes }: VarintPlace,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let low = 0;
  let high = 0;
  let place = 0;
  for (const { start, end } of parts) {
    for await (const packed of rangeBytes(access, start, end, 1, signal)) {
      // Every number takes at least one byte.
      const out = new Uint8Array(bytes * packed.length);
      const view = new DataView(out.buffer);
      let to = 0;
      for (const byte of packed) {
        const bits = byte & 0x7f;
        if (place < 4) low += bits * 2 ** (7 * place);
        else if (place === 4) {
          low += (bits & 15) * 2 ** 28;
          high = bits >> 4;
        } else high += bits * 2 ** (7 * place - 32);
        if (byte >= 0x80) {
          if (++place === 10) throw malformed();
          continue;
        }
        if (bytes === 8) {
          view.setUint32(to, low, true);
          view.setUint32(to + 4, high, true);
        } else if (bytes === 4) view.setUint32(to, low, true);
        else if (bytes === 2) view.setUint16(to, low, true);
        else out[to] = low;
        to += bytes;
        low = 0;
        high = 0;
        place = 0;
      }
      yield out.subarray(0, to);
    }
    if (place > 0) throw malformed();
  }
}

function malformed(): TrailError {
  return new TrailError('damaged', l10n.t('The numbers of a tensor break off or make no sense.'));
}
