import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainScanner } from '../../src/store/kernel/gear.ts';
import { wasmScanner } from '../../src/store/kernel/wasmScanner.ts';

const plain = plainScanner();
const wasm = await wasmScanner();

describe('the scanner', () => {
  // Long runs, the byte that counts for nothing, and noise, in pieces whose lengths are no multiples of anything.
  const byte = fc.oneof(fc.constantFrom(0, 0x9d, 0x9e, 0xff), fc.nat(255));
  const run = fc.oneof(
    fc.record({ byte, length: fc.nat(100) }).map((of) => new Uint8Array(of.length).fill(of.byte)),
    fc.uint8Array({ minLength: 1, maxLength: 400 }),
  );
  const pieces = fc.array(run, { minLength: 1, maxLength: 12 });
  const threshold = fc.constantFrom(2 ** 32 - 1, 2 ** 31, 2 ** 26, 2 ** 22);

  it('finds the same in WebAssembly and in TypeScript, wherever it goes on', () => {
    fc.assert(
      fc.property(pieces, threshold, (parts, below) => {
        const bytes = Buffer.concat(parts);
        for (const scanner of [plain, wasm]) scanner.reset();
        let from = 0;
        for (const { length } of parts) {
          const found = wasm.scan(bytes, from, from + length, below);
          expect(found).toBe(plain.scan(bytes, from, from + length, below));
          from += length;
          if (found !== -1) for (const scanner of [plain, wasm]) scanner.reset();
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('has forgotten everything but the last 32 bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 90 }),
        fc.uint8Array({ maxLength: 90 }),
        (bytes, before) => {
          const endsAfter = (start: Uint8Array): boolean => {
            wasm.reset();
            // Nothing is below zero: the scan goes through.
            expect(wasm.scan(start, 0, start.length, 0)).toBe(-1);
            expect(wasm.scan(bytes, 0, bytes.length - 1, 0)).toBe(-1);
            return wasm.scan(bytes, bytes.length - 1, bytes.length, 2 ** 32 - 1) !== -1;
          };
          expect(endsAfter(before)).toBe(endsAfter(new Uint8Array(0)));
        },
      ),
      { numRuns: 3000 },
    );
  });
});
