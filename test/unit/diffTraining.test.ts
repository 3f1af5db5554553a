import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diffFixtures, sideOf } from '../support/modelSides.ts';

/** What PyTorch says of the weights: see makeTraining.py. */
const expected = JSON.parse(readFileSync('test/fixtures/training/expected.json', 'utf8')) as {
  readonly relativeL2: number;
  readonly parameters: number;
};

describe('checkpoints of one training', () => {
  it.each(['', '-sharded'])(
    '%s are as far apart as their weights, whatever is counted beside them',
    async (kind) => {
      const { verdict, notes } = await diffFixtures(`training/first${kind}.pt`, `training/second${kind}.pt`);
      expect(verdict.relativeL2).toBeCloseTo(expected.relativeL2, 12);
      expect(notes).toEqual([]);
    },
  );

  it.each(['', '-sharded'])('%s have the parameters of the model', async (kind) => {
    const { summary } = await sideOf(`training/first${kind}.pt`);
    expect(summary.findings).toEqual([]);
    expect(summary.parameters).toBe(expected.parameters);
  });
});
