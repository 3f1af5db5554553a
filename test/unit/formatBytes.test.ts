import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../src/core/formatBytes.ts';

describe('a size', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KB'],
    [1536, '1.5 KB'],
    [1023.4 * 2 ** 10, '1023 KB'],
    [1_048_300, '1 MB'],
    [1023.7 * 2 ** 30, '1 TB'],
    [12.4 * 2 ** 20, '12.4 MB'],
    [99.96 * 2 ** 20, '100 MB'],
    [687.5 * 2 ** 30, '688 GB'],
    [2000 * 2 ** 40, '2000 TB'],
  ])('of %d bytes is %s', (bytes, text) => {
    expect(formatBytes(bytes, 'en')).toBe(text);
  });

  // The languages that there are packs for, and what an operating system may add to them.
  const languages =
    'en en-US cs de de-CH-1996 es fr hu bg it ja ko pl pt-BR ru tr uk nl id zh-CN zh-TW'.split(' ');

  it.each(languages)('is written as people who read %s write numbers', (language) => {
    const [primary] = language.split('-');
    const numbers = new Intl.NumberFormat(primary, { useGrouping: false, maximumFractionDigits: 1 });
    fc.assert(
      fc.property(fc.nat(1023), fc.constantFrom(0, 0.25, 0.5, 0.75), (whole, part) => {
        const megabytes = whole + part;
        fc.pre(megabytes >= 1 && megabytes < 100);
        expect(formatBytes(megabytes * 2 ** 20, language)).toBe(`${numbers.format(megabytes)} MB`);
      }),
    );
  });
});
