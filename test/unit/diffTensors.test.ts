import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { diffModels } from '../../src/diff/diffModels.ts';
import type { TensorDifference } from '../../src/diff/tensorsDiff.ts';
import type { TensorReader } from '../../src/tensors/tensorReader.ts';
import { safetensorsOf } from '../support/models.ts';
import { diffFixtures, entryOf, sideOf, sideOfBytes } from '../support/modelSides.ts';
import { weights } from '../support/weights.ts';

/** What NumPy says: see makeDiff.py. */
interface Expected {
  readonly elements: number;
  readonly changed: number;
  readonly l2: number;
  readonly normA: number;
  readonly normB: number;
  readonly relativeL2: number;
  readonly cosine: number;
  readonly maxAbsolute: number;
  readonly maxAt: readonly number[];
  readonly nanA: number;
  readonly nanB: number;
  readonly infinityB: number;
}
const expected = JSON.parse(readFileSync('test/fixtures/diff/expected.json', 'utf8')) as Readonly<
  Record<'tuned' | 'quantized', Readonly<Record<string, Expected>>>
>;

function expectSame(difference: TensorDifference | undefined, numbers: Expected): void {
  const { elements, changed, maxAt, nanA, nanB, infinityB, ...sums } = numbers;
  expect(difference).toMatchObject({ elements, changed, maxAt });
  expect(difference).toMatchObject({ a: { nan: nanA }, b: { nan: nanB, positiveInfinity: infinityB } });
  for (const [name, value] of Object.entries(sums)) {
    const ours = difference?.[name as keyof typeof sums] ?? NaN;
    expect(Math.abs(ours - value), name).toBeLessThanOrEqual(1e-12 * Math.abs(value));
  }
}

describe('a fine-tune', () => {
  it('is told in one sentence', async () => {
    const { verdict } = await diffFixtures('diff/base.safetensors', 'diff/tuned.safetensors');
    expect(verdict.text).toMatch(
      /^Different architecture; 7 of 12 tensors changed \(.* of all elements\); 1 tensor added; 1 tensor removed; 2 tensors renamed; /,
    );
    expect(verdict).toMatchObject({ architecture: 'different', tensors: 12, changedTensors: 9 });
    expect(verdict.alarms.map(({ kind, subjects }) => [kind, subjects.join()])).toEqual([
      ['nanAppeared', 'layers.1.bias'],
      ['infinityAppeared', 'layers.1.bias'],
      ['dtypeNarrowed', 'layers.1.weight'],
    ]);
  });

  it('is told with the share of the elements that changed, not of the tensors that they are in', async () => {
    const changes = weights('F32', 4_000_000);
    const frozen = weights('F32', 40);
    const fewer = changes.slice();
    fewer.set([0, 0, 128, 63], 400);
    const a = safetensorsOf({ changes, frozen }, 'F32');
    const one = safetensorsOf({ changes: fewer, frozen }, 'F32');
    const { verdict } = await diffModels(await sideOfBytes('a', a), await sideOfBytes('b', one), unattended);
    expect(verdict.text).toContain('1 of 2 tensors changed (<0.1 % of all elements)');
    expect(verdict.changedShare).toBe(1 / 1_000_010);

    const added = safetensorsOf({ changes: fewer, frozen, more: weights('F32', 160) }, 'F32');
    const other = await diffModels(await sideOfBytes('a', a), await sideOfBytes('b', added), unattended);
    expect(other.verdict.changedShare).toBe(41 / 1_000_050);
  });

  it('counts no element of a tensor that has the same numbers in another shape', async () => {
    const { verdict } = await diffFixtures('diff/base.safetensors', 'diff/transposed.safetensors');
    expect(verdict).toMatchObject({ changedTensors: 1, changedShare: 0 });
  });

  it('tells of a tensor in which only the sign of zeros changed that its numbers are equal', async () => {
    const weight = Buffer.from(Float32Array.of(0, 1, -2, 0, NaN).buffer);
    const signed = Buffer.from(Float32Array.of(-0, 1, -2, 0, NaN).buffer);
    const a = await sideOfBytes('a', safetensorsOf({ weight }, 'F32'));
    const b = await sideOfBytes('b', safetensorsOf({ weight: signed }, 'F32'));
    const diff = await diffModels(a, b, unattended);
    expect(entryOf(diff, 'weight')).toMatchObject({ status: 'changed', comparedBy: 'numbers' });
    expect(entryOf(diff, 'weight').difference).toBeUndefined();
    expect(diff.verdict).toMatchObject({ changedTensors: 1, changedShare: 0, relativeL2: 0 });
    expect(diff.notes).toEqual([
      'weight changed in no number. Its bytes differ, but all of its numbers are equal: 0.0 and -0.0 are equal numbers, and one NaN counts as equal to another.',
    ]);
  });

  it('has the numbers that NumPy has', async () => {
    const diff = await diffFixtures('diff/base.safetensors', 'diff/tuned.safetensors');
    for (const [name, numbers] of Object.entries(expected.tuned)) {
      const entry = entryOf(diff, name);
      expect(entry).toMatchObject({ status: 'changed', comparedBy: 'numbers' });
      expectSame(entry.difference, numbers);
    }
  });

  it('tells what became of each tensor', async () => {
    const diff = await diffFixtures('diff/base.safetensors', 'diff/tuned.safetensors');
    expect(entryOf(diff, 'layers.0.bias')).toMatchObject({
      status: 'same',
      frozen: true,
      comparedBy: 'bytes',
    });
    expect(entryOf(diff, 'layers.1.weight')).toMatchObject({
      retyped: true,
      a: { dtype: 'F32' },
      b: { dtype: 'BF16' },
    });
    expect(entryOf(diff, 'norm.scale')).toMatchObject({
      status: 'changed',
      reshaped: true,
      frozen: true,
      b: { shape: [4, 6] },
    });
    expect(entryOf(diff, 'new.projection')).toMatchObject({
      status: 'same',
      renamed: 'content',
      a: { name: 'old.projection' },
    });
    expect(entryOf(diff, 'head.weight')).toMatchObject({
      status: 'changed',
      renamed: 'name',
      a: { name: 'head.kernel' },
    });
    expect(entryOf(diff, 'fresh.weight')).toMatchObject({ status: 'added', module: 'fresh' });
    expect(entryOf(diff, 'gone.weight')).toMatchObject({ status: 'removed', module: 'gone' });
    expect(diff.tensors).toMatchObject({ added: 1, removed: 1, changed: 7, same: 3, unknown: 0, renamed: 2 });
    expect(diff.metadata).toEqual([{ name: 'epoch', a: '1', b: '2' }]);
  });

  it('is summed up by module', async () => {
    const { tensors } = await diffFixtures('diff/base.safetensors', 'diff/tuned.safetensors');
    const modules = new Map(tensors.modules.map((module) => [module.module, module]));
    expect(modules.get('layers.0')).toMatchObject({ tensors: 2, changed: 1, elements: 544, frozen: false });
    expect(modules.get('layers.0')?.relativeL2).toBeCloseTo(
      expected.tuned['layers.0.weight']?.relativeL2 ?? NaN,
      12,
    );
    expect(modules.get('new')).toMatchObject({ frozen: true, relativeL2: 0 });
  });
});

describe('the same weights elsewhere', () => {
  it('are found in another format and under names with a prefix', async () => {
    const { verdict, tensors } = await diffFixtures('diff/base.safetensors', 'diff/base.pt');
    expect(verdict).toMatchObject({ architecture: 'same', changedTensors: 0, alarms: [] });
    expect(tensors).toMatchObject({ same: 11, renamed: 0, prefix: { a: '', b: 'module.' } });
    expect(tensors.entries.every(({ frozen, renamed }) => frozen && renamed === 'prefix')).toBe(true);
    expect(tensors.modules.map(({ module }) => module)).toContain('layers.0');
  });

  it('are found transposed', async () => {
    const diff = await diffFixtures('diff/base.safetensors', 'diff/transposed.safetensors');
    expect(entryOf(diff, 'layers.0.weight')).toMatchObject({
      status: 'changed',
      reshaped: true,
      transposed: true,
    });
    expect(entryOf(diff, 'layers.0.weight').difference).toBeUndefined();
    expect(diff.tensors.changed).toBe(1);
  });

  it('are compared with what they were quantised to', async () => {
    const diff = await diffFixtures('diff/plain.safetensors', 'diff/quantized.gguf');
    for (const [name, numbers] of Object.entries(expected.quantized))
      expectSame(entryOf(diff, name).difference, numbers);
    expect(diff.verdict.alarms.map(({ kind }) => kind)).toEqual(['dtypeNarrowed', 'dtypeNarrowed']);
  });
});

it('says what was compared by its bytes only, and why', async () => {
  const changed = Buffer.from(readFileSync('test/fixtures/diff/plain.safetensors'));
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  const a = await sideOf('diff/plain.safetensors');
  const tensors: TensorReader = {
    obstacle: () => 'The layout is not known.',
    numbers: (tensor, signal) => a.tensors.numbers(tensor, signal),
    bytes: (tensor, signal) => a.tensors.bytes(tensor, signal),
    small: (tensor) => a.tensors.small(tensor),
    close: () => a.tensors.close(),
  };
  const diff = await diffModels({ ...a, tensors }, await sideOfBytes('b', changed), unattended);
  const [same, other] = diff.tensors.entries;
  expect(same).toMatchObject({ status: 'same', frozen: true });
  expect(other).toMatchObject({ status: 'changed', comparedBy: 'bytes', reason: 'The layout is not known.' });
  expect(diff.notes).toEqual([`${other?.b?.name} was not compared as numbers. The layout is not known.`]);
});
