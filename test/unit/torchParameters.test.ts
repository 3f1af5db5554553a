import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diffFixtures, sideOf, sideOfBytes } from '../support/modelSides.ts';

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

  it('are the same architecture with whatever callbacks remember beside them', async () => {
    const early = 'parameters/lightning-early.ckpt';
    const { verdict, tensors } = await diffFixtures(early, 'parameters/lightning-late.ckpt');
    expect(verdict.architecture).toBe('same');
    expect(tensors.added).toBeGreaterThan(0);
  });

  it('are the same architecture without a second name of one of them', async () => {
    const { verdict } = await diffFixtures('parameters/two-names.pt', 'parameters/one-name.pt');
    expect(verdict.text).toMatch(/^Same architecture; 1 tensor removed/);
    const other = await diffFixtures('parameters/one-name.pt', 'parameters/scores.pt');
    expect(other.verdict.architecture).toBe('different');
  });

  // Made of what torch.save writes, as torch.distributed.checkpoint makes its .distcp files.
  it('of archives one behind the other are not known: only the last is read, and that is told', async () => {
    const [first, last] = ['rows.pt', 'sparse.pt'].map((file) =>
      readFileSync(`test/fixtures/parameters/${file}`),
    );
    const { summary } = await sideOfBytes('__0_0.distcp', Buffer.concat([first!, last!]));
    expect(summary.parameters).toBeUndefined();
    expect(summary.complete).toBe(false);
    expect(summary.findings[0]?.message).toContain(
      `${first!.length} bytes that are not read: parts of a distributed`,
    );
  });
});
