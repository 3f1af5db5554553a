import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { manifestText } from '../../src/formats/manifest.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { readSafetensors } from '../../src/formats/safetensors.ts';
import type { ModelSummary, TensorInfo } from '../../src/formats/summary.ts';

const fixtures = path.join(import.meta.dirname, '../fixtures');
const facts = { name: 'models/digits.safetensors', format: 'safetensors', size: 10, sha256: 'ab12' };

async function demo(version: string): Promise<string[]> {
  const bytes = readFileSync(path.join(fixtures, 'demo/digits.safetensors', `${version}.safetensors`));
  const summary = await readSafetensors(bytesAccess(bytes));
  return manifestText(summary, { ...facts, size: bytes.length }).split('\n');
}

function tensor(name: string): TensorInfo {
  return { name, dtype: 'F32', shape: [2, 3], byteOffset: 100, byteLength: 24 };
}
function summary(parts: Partial<ModelSummary>): ModelSummary {
  return {
    format: 'safetensors',
    metadata: new Map(),
    hyperparameters: new Map(),
    tensors: [],
    findings: [],
    complete: true,
    ...parts,
  };
}

it('says all there is of a small model', async () => {
  const bytes = readFileSync(path.join(fixtures, 'formats/mlp.safetensors'));
  const text = manifestText(await readSafetensors(bytesAccess(bytes)), { ...facts, size: bytes.length });
  expect(text).toBe(`model: models/digits.safetensors
format: safetensors
size: 4560 bytes
sha256: ab12
parameters: 959
tensors: 9

metadata:
  format: pt
  note: line one\\u{a}line two
  task: digits

weights:
  fc1.bias: F32 [12] 48 bytes
  fc1.weight: F32 [12, 64] 3072 bytes
  fc2.bias: F32 [10] 40 bytes
  fc2.weight: F32 [10, 12] 480 bytes
  norm.bias: F32 [12] 48 bytes
  norm.num_batches_tracked: I64 [] 8 bytes
  norm.running_mean: F32 [12] 48 bytes
  norm.running_var: F32 [12] 48 bytes
  norm.weight: F32 [12] 48 bytes
`);
});

it('a wider layer changes the lines of that layer and no others', async () => {
  const before = await demo('05');
  const after = await demo('06');
  const gone = before.filter((line) => !after.includes(line));
  expect(gone.map((line) => line.split(':')[0]?.trim())).toEqual([
    'size',
    'parameters',
    'encoder.bias',
    'encoder.weight',
    'head.weight',
    'norm.bias',
    'norm.weight',
  ]);
  expect(after.length).toBe(before.length);
});

it('sorts layers as people count, however they stand in the file', () => {
  const names = ['layer.10.w', 'layer.2.w', 'layer.1.w', 'Layer.1.w'];
  const text = manifestText(summary({ tensors: names.map(tensor) }), facts);
  const reversed = manifestText(summary({ tensors: names.toReversed().map(tensor) }), facts);
  expect(text).toBe(reversed);
  expect(text.indexOf('layer.2.w')).toBeLessThan(text.indexOf('layer.10.w'));
});

it('no name can make a line of its own, or hide', () => {
  const hostile = 'a\nsha256: 0000\u202e';
  const text = manifestText(
    summary({ tensors: [tensor(hostile)], metadata: new Map([[hostile, hostile]]) }),
    { ...facts, name: hostile },
  );
  expect(text.split('\n').filter((line) => line.startsWith('sha256: '))).toEqual(['sha256: ab12']);
  expect(text).not.toContain('\u202e');
});

it('different long values stay different, in one short line each', () => {
  const line = (value: string): string =>
    manifestText(summary({ metadata: new Map([['vocab', value]]) }), facts)
      .split('\n')
      .at(-2) ?? '';
  const one = line('x'.repeat(100_000));
  expect(one.length).toBeLessThan(3000);
  expect(one).not.toBe(line(`${'x'.repeat(99_999)}y`));
});

it('says what is wrong, and that it is not all', async () => {
  const bytes = readFileSync(path.join(fixtures, 'formats/mlp.safetensors')).subarray(0, 4000);
  const text = manifestText(await readSafetensors(bytesAccess(bytes)), { ...facts, size: 4000 });
  expect(text).toContain('complete: no\n');
  expect(text).toContain('  error: The file ends 560 bytes before its last tensor does.\n');
  expect(text).not.toContain('parameters:');
});

it('says what is known of a format that has no reader, with a preview where there is one', () => {
  const text = manifestText(undefined, { ...facts, format: 'LightGBM', textPreview: 'tree\nversion=v4' });
  expect(text).toBe(
    'model: models/digits.safetensors\nformat: LightGBM\nsize: 10 bytes\nsha256: ab12\n\ntext:\n  tree\n  version=v4\n',
  );
});

it('says all there is of a model with more settings than a call can have arguments', () => {
  const hyperparameters = new Map(Array.from({ length: 200_000 }, (_, n) => [`word${n}`, n]));
  const text = manifestText(summary({ hyperparameters }), facts);
  expect(text.split('\n').slice(5, 9)).toEqual(['', 'hyperparameters:', '  word0: 0', '  word1: 1']);
  expect(text).toContain('\n  word199999: 199999\n');
});
