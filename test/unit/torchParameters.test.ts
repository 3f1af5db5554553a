import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sideOf } from '../support/modelSides.ts';

/** As PyTorch counts: see makeParameters.py. */
const expected = JSON.parse(readFileSync('test/fixtures/parameters/expected.json', 'utf8')) as Readonly<
  Record<string, number | null>
>;

describe('the parameters of PyTorch files', () => {
  it.each(Object.entries(expected))('%s has %s', async (file, count) => {
    const { summary } = await sideOf(`parameters/${file}`);
    expect(summary.complete).toBe(true);
    expect(summary.parameters).toBe(count ?? undefined);
  });
});
