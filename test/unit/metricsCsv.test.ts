import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { csvRows } from '../../src/metrics/csv.ts';

function read(text: string): Record<string, string>[] {
  return [...csvRows('metrics.csv', text)].map((row) => Object.fromEntries(row));
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

it('reads what a writer of CSV wrote', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '1', '.', ' ', ',', '"', '\n', '\r', 'é') });
  const table = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom('\n', '\r\n'))
    .chain(([width, end]) =>
      fc.record({
        end: fc.constant(end),
        rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }),
      }),
    );
  fc.assert(
    fc.property(table, ({ rows, end }) => {
      const columns = (rows[0] ?? ['a']).map((_, at) => `c${at}`);
      const text = [columns, ...rows].map((row) => row.map(quoted).join(',') + end).join('');
      const expected = rows
        .map((row) => row.flatMap((value, at) => (value.trim() === '' ? [] : [[`c${at}`, value.trim()]])))
        .filter((row) => row.length > 0)
        .map((row) => Object.fromEntries(row));
      expect(read(text)).toEqual(expected);
    }),
  );
});

it('throws nothing but a TrailError, whatever it is given', () => {
  const piece = fc.constantFrom('a', '1', ',', '"', '""', '\n', '\r\n', '\r', '\ufeff', 'step', '\0');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      try {
        read(pieces.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(TrailError);
      }
    }),
    { numRuns: 2000 },
  );
});

it('leaves out a last line that may not be whole, as of a file that is just being written', () => {
  expect(read('epoch,loss\n1,0.5\n2,0.1')).toEqual([{ epoch: '1', loss: '0.5' }]);
  expect(read('epoch,loss\n1,0.5\n2,0.123\n')).toHaveLength(2);
  expect(read('epoch,loss')).toEqual([]);
});

it('takes header cells without the spaces that align them', () => {
  expect(read('  epoch,   val/loss\n      1,        0.5\n')).toEqual([{ epoch: '1', 'val/loss': '0.5' }]);
});

it.each([
  ['a quote that is never closed', `a,b\n"${'x'.repeat(2 ** 20)}\n`],
  ['nothing but quotes', `a,b\n${'"'.repeat(2 ** 20)}\n`],
  ['a row that is longer than the header', 'a,b\n1,2,3\n'],
  ['a name twice', 'a,a\n1,2\n'],
  ['more columns than any trainer writes', `${'a,'.repeat(2 ** 20)}\n`],
])('refuses %s', (_, text) => {
  expect(() => read(text)).toThrow(/metrics\.csv cannot be read: row [12] /);
});
