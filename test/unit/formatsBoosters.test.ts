import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { diffModels } from '../../src/diff/diffModels.ts';
import { diffFixtures, entryOf, sideOf, sideOfBytes } from '../support/modelSides.ts';

/** The leaves of each tree, as the packages count them: see makeBoosters.py. */
const expected = JSON.parse(readFileSync('test/fixtures/boosters/expected.json', 'utf8')) as Readonly<
  Record<string, readonly number[]>
>;
const pairs = Object.keys(expected)
  .filter((name) => name.includes('first'))
  .map((name) => [name, name.replace('first', 'second')] as const);

describe('pickled boosters', () => {
  it.each(Object.entries(expected))('%s has the trees that its package counts', async (name, leaves) => {
    const { trees, complete, findings } = (await sideOf(`boosters/${name}`)).summary;
    expect({ complete, findings }).toEqual({ complete: true, findings: [] });
    expect(trees?.trees.map((tree) => tree.leaves)).toEqual(leaves);
    expect([...(trees?.importance.values() ?? [])].some(({ splits }) => splits > 0)).toBe(true);
  });

  it.each(pairs)('%s and %s: what was trained anew has changed', async (a, b) => {
    const { verdict, trees, tensors, hyperparameters } = await diffFixtures(`boosters/${a}`, `boosters/${b}`);
    expect(tensors.changed).toBeGreaterThan(0);
    expect(trees).toMatchObject({ comparedBy: 'content', firstDifferent: 0 });
    expect(verdict.text).toMatch(
      /^Same architecture; \d of \d tensors changed .*the trees differ from tree 0 on/,
    );
    expect(hyperparameters.map(({ name }) => name)).not.toContain('handle');
    // Bytes are no numbers.
    expect(verdict.relativeL2).toBeUndefined();
  });
});

/** What Python writes of a dictionary with one text in it. */
function pickledText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from('\x80\x04}\x8c\x04textX', 'latin1'), length, bytes, Buffer.from('s.')]);
}

describe('a long text in a pickle', () => {
  it.each([2000, 2_000_000])('of %i characters has changed where its last one has', async (characters) => {
    const text = 'é'.repeat(characters);
    const a = await sideOfBytes('a.pkl', pickledText(`${text}a`));
    const b = await sideOfBytes('b.pkl', pickledText(`${text}b`));
    const diff = await diffModels(a, b, unattended);
    expect(entryOf(diff, 'text')).toMatchObject({
      status: 'changed',
      comparedBy: 'bytes',
      a: { dtype: 'TEXT', shape: [], byteLength: 2 * characters + 1 },
    });
    const longer = await sideOfBytes('b.pkl', pickledText(`${text}ab`));
    expect((await diffModels(a, longer, unattended)).verdict.text).toMatch(
      /^Same architecture; 1 of 1 tensors/,
    );
    const same = await sideOfBytes('b.pkl', pickledText(`${text}a`));
    expect((await diffModels(a, same, unattended)).identical).toBe(true);
  });
});
