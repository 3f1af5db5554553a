import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { manifestText } from '../../src/formats/manifest.ts';
import { modelRecord } from '../../src/formats/modelRecord.ts';
import type { TensorInfo } from '../../src/formats/summary.ts';
import type { TensorReader } from '../../src/tensors/tensorReader.ts';
import { diffFixtures, entryOf, sideOf } from '../support/modelSides.ts';

/** What PyTorch says: see makeQuantised.py. */
const expected = JSON.parse(readFileSync('test/fixtures/quantised/expected.json', 'utf8')) as Readonly<
  Record<string, { readonly numbers: readonly number[]; readonly relativeL2: number }>
>;
const names = Object.keys(expected);
const models = JSON.parse(readFileSync('test/fixtures/quantised/models.json', 'utf8')) as Readonly<
  Record<'static' | 'dynamic', Readonly<Record<'weights' | 'biases', readonly (readonly number[])[]>>>
>;

describe('quantised tensors of PyTorch', () => {
  it.each(['whole.pt', 'stack.pt'])('%s gives the numbers that its integers stand for', async (file) => {
    const { summary, tensors } = await sideOf(`quantised/${file}`);
    expect(summary.tensors.map(({ name }) => name).sort()).toEqual(names.toSorted());
    for (const tensor of summary.tensors) {
      const { numbers = [] } = expected[tensor.name] ?? {};
      const found: number[] = [];
      for await (const piece of tensors.numbers(tensor, unattended.signal)) found.push(...piece);
      expect(found).toHaveLength(numbers.length);
      for (const [at, value] of found.entries()) expect(value).toBeCloseTo(numbers[at] ?? NaN, 6);
      const part: number[] = [];
      const range = { from: 5, count: 20 };
      for await (const piece of tensors.numbers(tensor, unattended.signal, range)) part.push(...piece);
      expect(part).toEqual(found.slice(5, 25));
    }
  });

  it('have changed where the same integers stand for other numbers', async () => {
    const diff = await diffFixtures('quantised/whole.pt', 'quantised/other-scales.pt');
    for (const name of names) {
      const entry = entryOf(diff, name);
      expect(entry).toMatchObject({ status: 'changed', requantized: true, comparedBy: 'numbers' });
      expect(entry.frozen).toBeUndefined();
      expect(entry.difference?.relativeL2).toBeCloseTo(9, 5);
    }
    expect(diff.verdict).toMatchObject({ architecture: 'same', changedTensors: names.length });
    expect(entryOf(diff, 'weight')).toMatchObject({
      a: { quantizer: 'scale 0.02, zero point 3' },
      b: { quantizer: 'scale 0.2, zero point 3' },
    });
    expect((await diffFixtures('quantised/whole.pt', 'quantised/stack.pt')).verdict.text).toBe(
      'Same architecture; all 4 tensors are unchanged.',
    );
  });

  it('differ from the floats that they were made of by as much as PyTorch says', async () => {
    const diff = await diffFixtures('quantised/floats.pt', 'quantised/whole.pt');
    for (const name of names) {
      const { retyped, difference } = entryOf(diff, name);
      expect([name, retyped]).toEqual([name, true]);
      expect(difference?.relativeL2).toBeCloseTo(expected[name]?.relativeL2 ?? NaN, 6);
    }
  });

  it('say by what they are quantised', async () => {
    const { summary } = await sideOf('quantised/whole.pt');
    const { tensors } = modelRecord(summary, { path: 'whole.pt', size: 0 });
    const found = new Map(tensors.map(({ name, quantizer }) => [name, quantizer]));
    expect(found.get('bias')).toBe('scale 0.0001, zero point 0');
    expect(found.get('channels')).toMatch(/^4 scales along dimension 1, 0\.01 to 0\.05 \([0-9a-f]{12}\)$/);
    const facts = { name: 'whole.pt', format: 'PyTorch', size: 0, sha256: '' };
    expect(manifestText(summary, facts)).toContain(
      '  weight: qint8 [6, 5] 30 bytes, scale 0.02, zero point 3\n',
    );
  });
});

describe('whole models with quantised layers', () => {
  it.each([
    ['static', 'script'],
    ['static', 'module'],
    ['static', 'state'],
    ['dynamic', 'script'],
    ['dynamic', 'module'],
    ['dynamic', 'state'],
  ] as const)('%s-%s.pt has the weights and biases that PyTorch has', async (model, kind) => {
    const { summary, tensors } = await sideOf(`quantised/${model}-${kind}.pt`);
    expect(summary.complete).toBe(true);
    const found: number[][] = [];
    for (const tensor of summary.tensors) {
      const numbers: number[] = [];
      for await (const piece of tensors.numbers(tensor, unattended.signal)) numbers.push(...piece);
      found.push(numbers);
    }
    const { weights, biases } = models[model];
    for (const known of [...weights, ...biases]) {
      const isThere = found.some(
        (numbers) =>
          numbers.length === known.length &&
          numbers.every((value, at) => Math.abs(value - (known[at] ?? NaN)) < 1e-6),
      );
      expect(isThere, `${known.length} numbers`).toBe(true);
    }
    expect(summary.parameters).toBeGreaterThanOrEqual([...weights, ...biases].flat().length);
  });

  it.each(['hidden.pt', 'hidden-stack.pt'])(
    '%s: weights that are not seen are not left out in silence',
    async (file) => {
      const { summary } = await sideOf(`quantised/${file}`);
      expect(summary.tensors.map(({ name }) => name)).toEqual(['bias']);
      expect(summary).toMatchObject({
        complete: false,
        parameters: undefined,
        findings: [{ message: 'One storage of the file belongs to a part of the model that is not read.' }],
      });
    },
  );
});

describe('views of PyTorch that are the negative or the conjugate of what is stored', () => {
  it('are read as what they are', async () => {
    const [views, resolved] = [await sideOf('quantised/signs.pt'), await sideOf('quantised/resolved.pt')];
    expect(views.summary.tensors).toHaveLength(5);
    for (const view of views.summary.tensors) {
      const known = resolved.summary.tensors.find(({ name }) => name === view.name)!;
      const bytes = await bytesOf(views.tensors, view);
      expect([view.name, bytes]).toEqual([view.name, await bytesOf(resolved.tensors, known)]);
    }
    const diff = await diffFixtures('quantised/signs.pt', 'quantised/resolved.pt');
    expect(diff.verdict.text).toMatch(/^Same architecture; all 5 tensors are unchanged[.;]/);
  });
});

async function bytesOf(reader: TensorReader, tensor: TensorInfo): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of reader.bytes(tensor, unattended.signal) ?? []) pieces.push(piece);
  return Buffer.concat(pieces).toString('hex');
}
