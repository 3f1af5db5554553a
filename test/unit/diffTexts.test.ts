import { describe, expect, it } from 'vitest';
import { diffFixtures, entryOf } from '../support/modelSides.ts';

const categories = 'model.onehotencoder.categories_.0';
const classes = 'model.logisticregression.classes_';

describe('what a model has learned from texts is compared', () => {
  it('by what it says, and no note says that texts are no numbers', async () => {
    const diff = await diffFixtures('texts/first.joblib', 'texts/second.joblib');
    for (const name of [categories, 'vocabulary', 'days'])
      expect(entryOf(diff, name)).toMatchObject({ status: 'changed', comparedBy: 'bytes' });
    expect(entryOf(diff, classes)).toMatchObject({ status: 'same', frozen: true });
    expect(diff.notes).toEqual([]);
    expect(diff.verdict.text).not.toContain('could be compared');
  });

  it('across formats too', async () => {
    const diff = await diffFixtures('texts/first.joblib', 'texts/first.skops');
    expect(entryOf(diff, categories).status).toBe('same');
    expect(entryOf(diff, classes).status).toBe('same');
  });
});
