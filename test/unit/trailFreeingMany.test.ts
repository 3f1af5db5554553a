import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import type * as folding from '../../src/core/fold.ts';
import { unattended } from '../../src/core/operation.ts';
import { Journal } from '../../src/journal/journal.ts';
import { age, model, open, record, versionsOf, workspace } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

const folds = vi.hoisted(() => ({ count: 0 }));
vi.mock('../../src/core/fold.ts', async (original) => {
  const real = await original<typeof folding>();
  const fold: typeof real.fold = (facts) => {
    folds.count++;
    return real.fold(facts);
  };
  return { ...real, fold };
});

/** Forgets all versions of a model with so many but the newest. @returns how often all that is known was gone through */
async function forgetMany(name: string, count: number): Promise<readonly number[]> {
  const trail = await open();
  for (let version = 0; version < count; version++) await record(trail, safetensors(1000), name);
  const [, ...old] = await versionsOf(trail, name);
  const listed = vi.spyOn(Journal.prototype, 'list');
  folds.count = 0;
  const result = await trail.forget(
    old.map(({ id }) => ({ model: name, version: id })),
    unattended,
  );
  expect(result.forgotten.map(({ forgotten }) => forgotten)).toEqual(old.map(() => true));
  expect(result.bytes).toBeGreaterThan(1000 * old.length);
  age();
  expect((await trail.collectGarbage(unattended)).freed).toBeGreaterThan(1000 * old.length);
  const counts = [listed.mock.calls.length, folds.count];
  listed.mockRestore();
  return counts;
}

it('forgetting many versions, and freeing what they took, goes through all that is known as often as for few', async () => {
  const few = await forgetMany(model, 3);
  const many = await forgetMany('many.safetensors', 9);
  expect(many).toEqual(few);
  expect(few[0]).toBeGreaterThan(0);
  // Each has an entry of its own.
  const months = path.join(workspace.folder, '.modeltrail/journal');
  const names = readdirSync(months, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  expect(names).toHaveLength(3 + 2 + 9 + 8);
  expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
});
