import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { summarizeModel } from '../../src/formats/describe.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import type { ModelSummary } from '../../src/formats/summary.ts';
import { context } from '../support/readerChecks.ts';
import { sparseAccess } from '../support/sparseAccess.ts';

const summaryOf = (bytes: Uint8Array, name = 'model.bin'): Promise<ModelSummary> =>
  summarizeModel(bytesAccess(bytes), { ...context, name });

/** Weights as training leaves them: about normally distributed. */
function weights(count: number): number[] {
  const random = new Uint32Array(randomBytes(8 * count).buffer.slice(0));
  return Array.from({ length: count }, (_, i) => {
    const [a = 0, b = 0] = [random[2 * i], random[2 * i + 1]];
    return 0.02 * Math.sqrt(-2 * Math.log((a + 1) / 2 ** 32)) * Math.cos((2 * Math.PI * b) / 2 ** 32);
  });
}

const floats = Float32Array.from(weights(20_000));
const bfloats = Uint16Array.from(new Uint32Array(floats.buffer), (bits) => bits >>> 16);

it.each([
  ['random bytes', randomBytes(100_000), 'compressed, encrypted or random'],
  ['32-bit weights', new Uint8Array(floats.buffer), 'numbers: 32-bit floats'],
  ['64-bit weights', new Uint8Array(Float64Array.from(weights(9000)).buffer), 'numbers: 64-bit floats'],
  ['bfloat16 weights', new Uint8Array(bfloats.buffer), 'numbers: 16-bit floats'],
  ['zeros', new Uint8Array(50_000), 'the byte 0 again and again'],
  ['a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'), 'a picture (PNG)'],
  ['a gzipped file', gzipSync('what it holds'), 'compressed with gzip'],
  ['a program', Buffer.from('\x7fELF\x02\x01', 'latin1'), 'a program or library for Linux (ELF)'],
  ['a note', Buffer.from('the model is on the other disk'), 'text'],
  ['an empty file', new Uint8Array(0), 'nothing: the file is empty'],
])('%s', async (_name, bytes, expected) => {
  const { metadata, complete, findings } = await summaryOf(bytes);
  expect(metadata.get('looks like')).toBe(expected);
  expect(complete).toBe(false);
  expect(findings[0]?.message).toContain('Nothing is read of files of this format');
});

it('says how the file begins, and how much its bytes tell', async () => {
  const { metadata } = await summaryOf(Buffer.from('abc\0\xff', 'latin1'));
  expect(metadata.get('first bytes')).toBe('61 62 63 00 ff  abc..');
  expect(metadata.get('entropy')).toBe('2.32 of 8 bits per byte');
});

it('of an archive that is no model the members are named', async () => {
  // Members whose names say nothing.
  const zip = readFileSync(path.join(import.meta.dirname, '../fixtures/formats/arrays.npz'));
  const renamed = Buffer.from(zip.toString('latin1').replaceAll('.npy', '.txt'), 'latin1');
  const { format, metadata } = await summaryOf(renamed, 'model.zip');
  expect(format).toBe('zip');
  expect(metadata.get('first members')).toContain('.txt');
  expect((await summaryOf(renamed.subarray(0, -30), 'model.zip')).findings.length).toBe(2);
});

it('a file of 100 GB is looked at in a few places', async () => {
  const access = sparseAccess(100e9, []);
  const { metadata } = await summarizeModel(access, { ...context, name: 'huge.bin' });
  expect(metadata.get('looks like')).toBe('the byte 0 again and again');
  expect(access.bytesRead).toBeLessThan(2 ** 20);
});
