import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { EngineTests, model } from '../support/engineTests.ts';

// A trail that is closed while others know it still, as when its folder is taken out of the window.

const tests = new EngineTests();

it('a trail is opened again by who asks from another folder in it', async () => {
  const id = tests.train();
  const below = await tests.open(path.join(tests.workspace.folder, 'models'));
  const whole = await tests.open();
  await whole.record({ model }, unattended);
  await whole.close();
  expect(await below.versions(model, { offset: 0, limit: 10 })).toMatchObject({ versions: [{ id }] });
});

it('who closed it does not open it again with what is left to be done', async () => {
  tests.train();
  const trail = await tests.open();
  await trail.refresh(unattended);
  await trail.close();
  await expect(trail.checkWorkingCopies(unattended)).rejects.toMatchObject({ code: 'cancelled' });
  await expect(trail.opening()).rejects.toMatchObject({ code: 'cancelled' });
  expect(await (await tests.open()).models()).toHaveLength(1);
});
