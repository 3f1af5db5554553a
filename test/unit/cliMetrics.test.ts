import { expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { model, train, workspace } from '../support/trails.ts';

const { modeltrail, json, ok } = commandLine(() => workspace.folder);

it('adds what an evaluation found to any version, in place of what was, and undoes it', async () => {
  const id = train();
  await ok('record', model, '--metric', 'f1=0.8', '--metric', 'loss=0.3');
  train();
  await ok('record', model);
  const added = await json('metrics', 'v1', '--metric', 'f1=0.85', '--param', 'seed=7');
  expect(added.document).toMatchObject({
    change: { kind: 'measured', model, version: id, metrics: { f1: 0.85 }, params: { seed: 7 } },
    version: { name: 'v1', metrics: { f1: 0.85, loss: 0.3 }, params: { seed: 7 } },
  });
  expect(await ok('metrics', 'v1')).toBe(`${model} v1\n  f1    0.85\n  loss  0.3\n  seed  7\n`);
  expect(await ok('undo', '--yes')).toContain('last added to v1');
  expect((await json('metrics', 'v1')).document).toMatchObject({
    change: null,
    version: { metrics: { f1: 0.8, loss: 0.3 }, params: {} },
  });
  // A model alone is the version that its file is.
  expect(await ok('metrics', model)).toContain('has no metrics');
});

it('writes nothing where the values are so already, as in a job that is run twice', async () => {
  train();
  await ok('record', model, '--metric', 'f1=0.8');
  await ok('metrics', 'v1', '--metric', 'loss=nan');
  expect(await ok('metrics', 'v1', '--metric', 'loss=nan', '--metric', 'f1=0.8')).toContain('already');
  expect((await json('metrics', 'v1', '--metric', 'loss=nan')).document).toMatchObject({
    change: { id: null },
  });
});

it('refuses what is no number, and a file that is no version yet', async () => {
  train();
  const early = await modeltrail(['metrics', model, '--metric', 'f1=0.8']);
  expect(early).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('Record it first') as string });
  await ok('record', model);
  expect(await json('metrics', 'v1', '--metric', 'f1=high')).toMatchObject({
    exitCode: 2,
    document: { error: { code: 'usage' } },
  });
});
