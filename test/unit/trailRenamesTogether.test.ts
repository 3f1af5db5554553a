import { renameSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { mv, names, rename, told } from '../support/ignoredModel.ts';
import * as directory from '../support/modelDirectory.ts';
import { onnxGraph, onnxWeights } from '../support/onnxData.ts';
import { open, versionsOf, workspace, write } from '../support/trails.ts';

it('a directory that is one model goes on under its new path', async () => {
  workspace.write('.gitignore', '/models\n/best\n');
  const trail = await open();
  const first = directory.train(1);
  await trail.record({ model: directory.model }, unattended);
  directory.train(2);
  await trail.record({ model: directory.model }, unattended);
  renameSync(path.join(workspace.folder, directory.model), path.join(workspace.folder, 'best'));
  await trail.refresh(unattended);
  const { version } = await trail.rename(directory.model, 'best', unattended);
  expect(version?.number).toBe(2);
  await trail.rollback({ model: 'best', version: first }, unattended);
  expect((await trail.checkWorkingCopy('best', unattended)).version).toBe(first);
  expect(await names(trail)).toEqual(['best']);
});

describe('an ONNX model', () => {
  const [graph, weights] = ['a/net.onnx', 'a/external.weights'];
  const [movedGraph, movedWeights] = ['b/net.onnx', 'b/external.weights'];

  /** With two versions that differ in their weights. */
  async function ignoredOnnx() {
    workspace.write('.gitignore', '*.onnx\n*.weights\n');
    const trail = await open();
    write(graph, onnxGraph());
    for (const steps of [1, 2]) {
      write(weights, onnxWeights(steps));
      await trail.record({ model: graph }, unattended);
    }
    return trail;
  }

  it('goes on with the files that have its weights, and without them, when that is undone', async () => {
    const trail = await ignoredOnnx();
    renameSync(path.join(workspace.folder, 'a'), path.join(workspace.folder, 'b'));
    const { factId = '', externalData } = await rename(trail, graph, movedGraph);
    expect(externalData).toMatchObject([{ from: weights, to: movedWeights, version: { number: 2 } }]);
    expect(await told(trail, movedWeights)).toEqual(['2', '1']);
    const [version] = await versionsOf(trail, movedGraph);
    await trail.rollback({ model: movedGraph, version: version?.id ?? '' }, unattended);
    expect(workspace.read(movedWeights)).toEqual(onnxWeights(1));
    await trail.undo(factId, unattended);
    expect(await names(trail)).toEqual([weights, graph, movedGraph]);
    expect(await told(trail, weights)).toEqual(['2', '1']);
  });

  it('goes on alone where they stayed, which is said', async () => {
    const trail = await ignoredOnnx();
    mv(graph, movedGraph);
    const { externalData, externalDataProblems } = await rename(trail, graph, movedGraph);
    expect([externalData, externalDataProblems]).toEqual([[], [expect.stringContaining('still there')]]);
    mv(weights, movedWeights);
    expect((await rename(trail, weights, movedWeights)).version?.number).toBe(2);
  });
});
