import path from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { LooseTrails } from '../../src/editor/inspect/looseTrails.ts';
import type { OpenTrail } from '../../src/editor/openTrail.ts';
import { EngineTests } from '../support/engineTests.ts';

// Files outside every opened folder that the editor shows.

const tests = new EngineTests();
let page: object;
let other: object;
beforeEach(() => ([page, other] = [{}, {}]));
vi.mock('vscode', () => import('../screens/fakeVscode.ts'));

const isClosed = { code: 'cancelled' };

function looseTrails(opened: readonly OpenTrail[] = []): LooseTrails {
  return new LooseTrails({ opened }, tests.client);
}

it('the trail of a folder is closed with the last page of a file in it, and opened again by the next', async () => {
  const loose = looseTrails();
  const { folder } = tests.workspace;
  const trail = await loose.use(folder, page);
  expect(await loose.use(folder, page)).toBe(trail);
  expect(await loose.use(folder, other)).toBe(trail);
  await loose.leave(page);
  expect(await trail.models()).toEqual([]);
  await loose.leave(other);
  await expect(trail.models()).rejects.toMatchObject(isClosed);
  expect(await (await loose.use(folder, {})).models()).toEqual([]);
});

it('a page that is closed while its trail is being opened leaves nothing open', async () => {
  const loose = looseTrails();
  const opening = loose.use(tests.workspace.folder, page);
  await loose.leave(page);
  await expect((await opening).models()).rejects.toMatchObject(isClosed);
  await expect(loose.use(tests.workspace.folder, page)).rejects.toMatchObject(isClosed);
});

it('a trail stays open for the other folders in it', async () => {
  tests.train();
  const loose = looseTrails();
  const folder = path.join(tests.workspace.folder, 'models');
  const [whole, below] = [await loose.use(tests.workspace.folder, page), await loose.use(folder, other)];
  expect(below.root).toBe(whole.root);
  await loose.leave(page);
  expect(await whole.models()).toEqual([]);
  await loose.leave(other);
  await expect(below.models()).rejects.toMatchObject(isClosed);
});

it('a trail stays open that was opened in the window meanwhile', async () => {
  const trail = await tests.open();
  const loose = looseTrails([trail as unknown as OpenTrail]);
  const same = await loose.use(tests.workspace.folder, page);
  await loose.leave(page);
  expect(await same.models()).toEqual([]);
});
