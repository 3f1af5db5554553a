import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { code, model, open, train, workspace, write } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';
import type { Trail } from '../../src/trail/trail.ts';

const other = 'other.safetensors';

/** Five recorded versions of one model, the second of them in production, over one in Git; and one version of another model. */
async function trained(): Promise<Trail> {
  train();
  write(other, safetensors());
  workspace.commit('Baseline');
  const trail = await open();
  await trail.refresh(unattended);
  for (const f1 of [0.5, 0.9, 0.7, 0.95, 0.8]) {
    train();
    await trail.record({ model, message: `run at ${f1}`, metrics: { f1 } }, unattended);
  }
  const { version } = await trail.resolve(`${model}@v2`);
  await trail.stage({ model, version: version?.id ?? '' }, 'production');
  return trail;
}

describe('a filter on versions', () => {
  it('counts and pages what it lets through, newest first, against the metrics that came before', async () => {
    const trail = await trained();
    const page = (offset: number, limit: number) =>
      trail.versions(model, { offset, limit, filter: 'f1>=0.7' });
    const numbers = async (offset: number, limit: number): Promise<unknown[]> =>
      (await page(offset, limit)).versions.map(({ number }) => number);
    expect((await page(0, 2)).total).toBe(4);
    expect(await numbers(0, 2)).toEqual([5, 4]);
    expect(await numbers(2, 9)).toEqual([3, 2]);
    // v1 is left out, and is what v2 is compared with all the same.
    expect((await page(3, 1)).metricsBefore).toEqual([{ f1: 0.5 }]);
    const all = await trail.versions(model, { offset: 4, limit: 9 });
    expect(all).toMatchObject({ total: 6, metricsBefore: [{}, undefined] });
    const ids = async (filter: string): Promise<unknown[]> =>
      (await trail.versions(model, { offset: 0, limit: 9, filter })).versions.map(({ id }) => id);
    for (const filter of ['', 'f1>=0.7', 'stage:production'])
      expect(await trail.versionIds(model, filter)).toEqual(await ids(filter));
  });

  it('counts for each model, of all that is known of its versions', async () => {
    const trail = await trained();
    const counts = async (filter: string): Promise<unknown> =>
      Object.fromEntries(await trail.matching(filter));
    expect(await counts('stage:production')).toEqual({ [model]: 1, [other]: 0 });
    expect(await counts('source:git')).toEqual({ [model]: 1, [other]: 1 });
    expect(await counts('baseline model:other')).toEqual({ [model]: 0, [other]: 1 });
    expect(await counts('')).toEqual({ [model]: 6, [other]: 1 });
  });

  it('is refused where it makes no sense', async () => {
    const trail = await trained();
    const filter = 'f1>high';
    await expect(trail.versionIds(model, filter)).rejects.toEqual(code('usage'));
    await expect(trail.matching(filter)).rejects.toEqual(code('usage'));
    await expect(trail.versions(model, { offset: 0, limit: 1, filter })).rejects.toEqual(code('usage'));
  });
});
