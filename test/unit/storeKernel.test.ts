import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainScanner } from '../../src/store/kernel/gear.ts';
import { scannedMemory } from '../../src/store/kernel/scannedMemory.ts';

const plain = plainScanner();

describe('the scanner', () => {
  // Long runs, the byte that counts for nothing, and noise, in lengths that are no multiples of anything.
  const byte = fc.oneof(fc.constantFrom(0, 0x9d, 0x9e, 0xff), fc.nat(255));
  const run = fc.oneof(
    fc.record({ byte, length: fc.nat(100) }).map((of) => new Uint8Array(of.length).fill(of.byte)),
    fc.uint8Array({ minLength: 1, maxLength: 400 }),
  );
  const runs = fc.array(run, { minLength: 1, maxLength: 12 }).map((all) => Buffer.concat(all));
  const threshold = fc.constantFrom(0, 2 ** 22, 2 ** 26, 2 ** 31, 2 ** 32 - 1);
  const thresholds = fc.record({ strict: threshold, loose: threshold });
  const places = fc.array(fc.nat(1200), { minLength: 3, maxLength: 3 });

  it('finds the same in WebAssembly and in TypeScript, from any place to any other', () => {
    const { bytes, scanner } = scannedMemory(12 * 400);
    fc.assert(
      fc.property(runs, places, thresholds, (content, at, below) => {
        bytes.set(content);
        const [from, middle, to] = at.map((place) => Math.min(place, content.length)).sort((a, b) => a - b);
        const found = scanner.scan(bytes, from!, middle!, to!, below);
        expect(found).toBe(plain.scan(bytes, from!, middle!, to!, below));
      }),
      { numRuns: 5000 },
    );
  });

  it('reads to the very end of its memory', () => {
    for (const length of [0, 1, 65_535, 65_536, 131_071 - 31]) {
      const { bytes, scanner } = scannedMemory(length);
      bytes.fill(7);
      expect(scanner.scan(bytes, 0, 0, length, { strict: 0, loose: 0 })).toBe(-1);
    }
  });

  it('takes no bytes that are elsewhere', () => {
    const { scanner } = scannedMemory(100);
    const elsewhere = new Uint8Array(100);
    expect(() => scanner.scan(elsewhere, 0, 50, 100, { strict: 1, loose: 1 })).toThrow('not in the memory');
  });
});
