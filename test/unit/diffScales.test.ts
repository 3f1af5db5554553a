import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { compareInDepth } from '../../src/diff/compareInDepth.ts';
import { diffFixtures, entryOf, sideOf } from '../support/modelSides.ts';

/** What PyTorch says of the weights that the narrow ones stand for: see makeScales.py. */
const expected = JSON.parse(readFileSync('test/fixtures/scales/expected.json', 'utf8')) as Readonly<
  Record<string, number>
>;

describe('weights that were stored in eight bits, with a scale beside them', () => {
  it.each(Object.entries(expected))('%s moved by %d', async (name, relativeL2) => {
    const diff = await diffFixtures('scales/wide.safetensors', 'scales/narrow.safetensors');
    const entry = entryOf(diff, name);
    expect(entry).toMatchObject({ status: 'changed', retyped: true, comparedBy: 'numbers' });
    expect(entry.difference?.relativeL2).toBeCloseTo(relativeL2, 6);
    const back = await diffFixtures('scales/narrow.safetensors', 'scales/wide.safetensors');
    expect(entryOf(back, name).difference?.normB).toBeCloseTo(entry.difference?.normA ?? NaN, 9);
    const [wide, narrow] = [
      await sideOf('scales/wide.safetensors'),
      await sideOf('scales/narrow.safetensors'),
    ];
    const { difference } = await compareInDepth(wide, narrow, { a: name, b: name }, unattended);
    expect(difference?.relativeL2).toBe(entry.difference?.relativeL2);
  });

  it.each(['blocks.weight', 'shifted.weight'])('%s has a reason in place of numbers', async (name) => {
    const diff = await diffFixtures('scales/wide.safetensors', 'scales/narrow.safetensors');
    const entry = entryOf(diff, name);
    expect(entry).toMatchObject({
      status: 'changed',
      retyped: true,
      reason: 'It is stored with scales of its own, in a form that is not read.',
    });
    expect(entry.difference).toBeUndefined();
  });
});
