import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { onnxGraph, onnxWeights, otherOnnxGraph } from '../support/onnxData.ts';
import { data, exported, ids, location, model } from '../support/onnxTrainings.ts';
import { elsewhere, open, versionsOf, workspace, write } from '../support/trails.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { sha256 } from '../support/workspace.ts';

// Commits that have one graph with different weights, compared and inspected.

/** The greatest of all weights: each training step adds one to them. */
async function greatest(trail: Trail, reference: string): Promise<number> {
  const { version, at } = await trail.resolve(reference);
  return greatestOf(trail, { version: version?.id, at });
}

async function greatestOf(trail: Trail, what: Partial<Parameters<Trail['inspectAll']>[0]>): Promise<number> {
  const { statistics, record } = await trail.inspectAll({ model, ...what }, unattended);
  expect(record.findings).toEqual([]);
  return Math.max(...statistics.map(({ statistics }) => statistics?.max ?? Number.NaN));
}

async function committed(...steps: readonly number[]): Promise<Trail> {
  for (const step of steps) {
    exported(step);
    workspace.commit(`step ${step}`);
  }
  const trail = await open();
  await trail.refresh(unattended);
  return trail;
}

describe('an ONNX model at a commit', () => {
  it('is inspected with the weights of that commit', async () => {
    const trail = await committed(0, 1, 2);
    const first = await greatest(trail, `${model}@HEAD~2`);
    // One after the other, as who looks at them does: what is open still is not taken for the next one.
    expect(await greatest(trail, `${model}@HEAD~1`)).toBeCloseTo(first + 1);
    expect(await greatest(trail, `${model}@HEAD`)).toBeCloseTo(first + 2);
    expect(await greatest(trail, `${model}@${workspace.git('rev-parse', 'HEAD~1')}`)).toBeCloseTo(first + 1);
  });

  it('is compared with the weights of that commit, whatever was compared before', async () => {
    const trail = await committed(0, 1);
    write('notes.txt', 'x');
    workspace.commit('notes');
    const side = async (revision: string) => {
      const { version, at } = await trail.resolve(`${model}@${revision}`);
      return { model, version: version?.id, at };
    };
    const identical = async (a: string, b: string) =>
      (await trail.diff(await side(a), await side(b), unattended)).identical;
    for (let round = 0; round < 2; round++) {
      expect(await identical('HEAD~2', 'HEAD~1'), 'other weights').toBe(false);
      expect(await identical('HEAD~1', 'HEAD'), 'only a text changed').toBe(true);
      expect(await identical('HEAD~2', 'HEAD~2'), 'one commit').toBe(true);
    }
  });

  it('is read with the weights of that commit also where the graph was recorded with others', async () => {
    const trail = await committed(0);
    exported(1);
    workspace.commit('step 1');
    const { version } = await trail.record({ model: data }, unattended);
    expect(version.id).toBe(ids[1]);
    exported(2, otherOnnxGraph(location, 'x'));
    await trail.record({ model }, unattended);
    workspace.commit('step 2');
    exported(3, otherOnnxGraph(location, 'x'));
    workspace.commit('step 3');
    await trail.refresh(unattended);
    const first = await greatest(trail, `${model}@HEAD~3`);
    expect(await greatest(trail, `${model}@v1`)).toBeCloseTo(first + 2);
    expect(await greatest(trail, `${model}@HEAD~1`)).toBeCloseTo(first + 2);
    expect(await greatest(trail, `${model}@HEAD`)).toBeCloseTo(first + 3);
  });

  it('is read with the weights of the first commit, by which it is called, where none is named', async () => {
    for (const [step, documentation] of [
      [0, 'x'],
      [1, 'y'],
      [2, 'x'],
    ] as const) {
      exported(step, otherOnnxGraph(location, documentation));
      workspace.commit(`step ${step}`);
    }
    const trail = await open();
    await trail.refresh(unattended);
    const version = sha256(otherOnnxGraph(location, 'x'));
    const first = await greatest(trail, `${model}@HEAD~2`);
    expect(await greatestOf(trail, { version })).toBeCloseTo(first);
    expect(await greatest(trail, `${model}@HEAD`)).toBeCloseTo(first + 2);
  });

  it('is read in a clone with the bytes that it was recorded with, from whichever commit has them, and with no others', async () => {
    const trail = await open();
    const others = 'models/external.weights';
    write(model, onnxGraph());
    write(others, onnxWeights(0));
    await trail.record({ model }, unattended);
    write(others, onnxWeights(1));
    workspace.commit('the graph with other weights');
    const folder = path.join(elsewhere.folder, 'clone');
    workspace.git('clone', '--quiet', '.', folder);
    const clone = await open({ folder });
    await clone.refresh(unattended);
    const [version] = await versionsOf(clone, model);
    const { record } = await clone.inspect({ model, version: version?.id }, unattended);
    expect(record.findings).toMatchObject([
      { message: expect.stringMatching(/external\.weights.*missing/) as string },
    ]);
    // Who names the commit means what that has.
    await expect(greatest(clone, `${model}@HEAD`)).resolves.not.toBeNaN();
  });
});
