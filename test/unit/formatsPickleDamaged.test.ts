import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeModel } from '../../src/formats/describe.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { read } from '../support/pickleBytes.ts';
import { processorTime } from '../support/processorTime.ts';

const fixtures = path.join(import.meta.dirname, '../fixtures');
const { signal } = new AbortController();
const folders = ['pickles', 'formats', 'layouts'].map((name) => path.join(fixtures, name));
const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(?:pt|pth|ckpt|pkl|joblib|skops|npy|npz|pt2)$/.test(name))
    .map((name) => path.join(folder, name)),
);

describe('a file that is cut off', () => {
  it.each(files.map((file) => [path.basename(file), file] as const))(
    '%s is never called complete',
    async (name, file) => {
      const bytes = readFileSync(file);
      for (let part = 0; part < 64; part++) {
        const cut = bytes.subarray(0, Math.floor((bytes.length * part) / 64));
        const { summary } = await describeModel(bytesAccess(cut), name, signal);
        // An empty file, or one whose mark is cut off, is no model at all.
        if (!summary) continue;
        // A tar file ends in zeros that nobody needs.
        const padded = name === 'first.pt' && cut.length >= bytes.lastIndexOf('\x2e') + 1;
        if (padded) continue;
        expect([part, summary.complete]).toEqual([part, false]);
        expect(summary.findings.length).toBeGreaterThan(0);
      }
    },
  );

  it('shows what comes before', async () => {
    const bytes = readFileSync(path.join(fixtures, 'pickles/columns.pkl'));
    const whole = await read(bytes, 'columns.pkl');
    const half = await read(bytes.subarray(0, bytes.length / 2), 'columns.pkl');
    expect(half.metadata.get('class')).toBe('sklearn.pipeline.Pipeline');
    expect(half.tensors.length).toBeGreaterThan(0);
    expect(half.tensors.length).toBeLessThan(whole.tensors.length);
    expect(half.metadata.get('prepare.transformers_.number.standardscaler.n_samples_seen_')).toBe('150');
  });
});

describe('mutated files', () => {
  it.each(files.map((file) => [path.basename(file), file] as const))(
    '%s never throws and never hangs',
    async (name, file) => {
      const bytes = readFileSync(file);
      const edit = fc.record({ at: fc.nat(bytes.length - 1), byte: fc.nat(255) });
      const runs = Math.max(20, Math.min(150, Math.floor(800_000 / bytes.length)));
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
          const mutated = Buffer.from(bytes);
          for (const { at, byte } of edits) mutated[at] = byte;
          const start = processorTime();
          const { summary } = await describeModel(bytesAccess(mutated), name, signal);
          expect(processorTime() - start).toBeLessThan(5000);
          for (const { byteOffset, byteLength } of summary?.tensors ?? []) {
            if (byteOffset === undefined || !summary?.complete) continue;
            expect(byteOffset).toBeGreaterThanOrEqual(0);
            expect(byteOffset + (byteLength ?? 0)).toBeLessThanOrEqual(mutated.length);
          }
        }),
        { numRuns: runs, seed: 20261121 },
      );
    },
  );
});
