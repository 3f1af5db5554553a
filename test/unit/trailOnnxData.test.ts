import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { data, exported, ids, location, model, onDisk, twoTrainings } from '../support/onnxTrainings.ts';
import { onnxWeights, otherOnnxGraph } from '../support/onnxData.ts';
import { age, code, open, workspace, write } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

describe('an ONNX model whose weights are in another file', () => {
  it('shows as changed where only its weights are', async () => {
    const trail = await open();
    exported(0);
    await trail.record({ model }, unattended);
    write(data, onnxWeights(1));
    await trail.refresh(unattended);
    await trail.checkWorkingCopies(unattended);
    expect(await trail.models()).toMatchObject([
      { path: model, working: { state: 'same' } },
      { path: data, working: { state: 'changed' } },
    ]);
  });

  it('is rolled back with the weights that it was recorded with, after those that are there are recorded, and undo brings them back', async () => {
    const { trail, first } = await twoTrainings();
    write(data, onnxWeights(2));
    const target = { model, version: first.version.id };
    const plan = await trail.planRollback(target, unattended);
    expect(plan.externalData).toMatchObject([
      { target: { id: ids[0], number: 1 }, records: true, from: 'store' },
    ]);
    const result = await trail.rollback(target, unattended);
    expect(onDisk(data)).toBe(ids[0]);
    expect(result.externalData).toMatchObject([
      { restored: { id: ids[0] }, recorded: { id: ids[2], number: 3 } },
    ]);
    const undo = await trail.planUndo();
    expect(undo).toMatchObject({ fact: { id: result.factId }, model });
    expect(undo?.description).toMatch(/modelx\.onnx\.data to v1 is undone: it becomes v3 again/);
    await trail.undo(result.factId, unattended);
    expect(onDisk(data)).toBe(ids[2]);
    expect(await trail.planUndo()).toBeUndefined();
  });

  it('keeps together what was not recorded yet, before another version is put in its place, and before that is undone', async () => {
    const { trail, first } = await twoTrainings();
    const another = otherOnnxGraph(location, 'x');
    exported(2, another);
    const { recorded, externalData, factId } = await trail.rollback(
      { model, version: first.version.id },
      unattended,
    );
    expect(recorded).toMatchObject({ id: sha256(another), externalData: { [location]: ids[2] } });
    expect(externalData).toMatchObject([{ recorded: { id: ids[2] } }]);
    expect([onDisk(model), onDisk(data)]).toEqual([first.version.id, ids[0]]);
    const third = otherOnnxGraph(location, 'y');
    exported(1, third);
    await trail.undo(factId, unattended);
    expect([onDisk(model), onDisk(data)]).toEqual([sha256(another), ids[2]]);
    expect(await trail.version({ model, version: sha256(third) })).toMatchObject({
      externalData: { [location]: ids[1] },
    });
  });

  it('is rolled back when both files are gone', async () => {
    const { trail, first } = await twoTrainings();
    rmSync(path.join(workspace.folder, 'models'), { recursive: true });
    await trail.rollback({ model, version: first.version.id }, unattended);
    expect([onDisk(model), onDisk(data)]).toEqual([first.version.id, ids[0]]);
  });

  it('is compared with the weights that it was recorded with', async () => {
    const { trail, first } = await twoTrainings();
    const version = { model, version: first.version.id };
    const diff = await trail.diff(version, { model }, unattended);
    expect(diff).toMatchObject({ identical: false, complete: true, tensors: { changed: 1 } });
    write(data, onnxWeights(0));
    expect(await trail.diff(version, { model }, unattended)).toMatchObject({ identical: true });
    const { statistics } = await trail.inspectAll(version, unattended);
    expect(statistics.filter(({ obstacle }) => obstacle !== undefined)).toEqual([]);
  });

  it('is rolled back to a commit with the weights of that commit', async () => {
    exported(0);
    workspace.commit('first');
    exported(1);
    workspace.commit('second');
    const trail = await open();
    await trail.refresh(unattended);
    const recorded = await trail.record({ model, metrics: { acc: 0.9 } }, unattended);
    // Git has the graph with the first weights.
    expect(recorded.described).toMatchObject([{ model: data, id: ids[1] }]);
    // Nor are those that are there taken for its own when it is recorded again.
    const { version } = await trail.record({ model, metrics: { acc: 0.91 } }, unattended);
    expect(version.metrics).toEqual({});
    const result = await trail.rollback({ model, version: version.id }, unattended);
    expect(result.externalData).toMatchObject([{ restored: { id: ids[0] } }]);
    expect(onDisk(data)).toBe(ids[0]);
  });

  it('keeps its weights where a rule keeps the graph', async () => {
    const { trail, first } = await twoTrainings();
    write(data, onnxWeights(2));
    await trail.record({ model }, unattended);
    await trail.stage({ model, version: first.version.id }, 'production');
    const rules = { last: 0, days: 0, tagged: true, staged: true, best: false };
    const { free } = await trail.planFree(rules, unattended);
    expect(free).toMatchObject([{ version: { model: data, id: ids[1] } }]);
  });

  it('keeps its graph for the weights that it had later', async () => {
    const { trail, first } = await twoTrainings();
    await trail.tag({ model: data, version: ids[1] ?? '' }, 'best', false);
    exported(2, otherOnnxGraph(location, 'x'));
    await trail.record({ model }, unattended);
    const rules = { last: 0, days: 0, tagged: true, staged: true, best: false };
    const { free, keep } = await trail.planFree(rules, unattended);
    expect(free).toMatchObject([{ version: { model: data, id: ids[0] } }]);
    expect(keep.map(({ version }) => version.id)).toContain(first.version.id);
  });

  it('is not rolled back without its weights', async () => {
    const { trail, first } = await twoTrainings();
    await trail.forget([{ model: data, version: ids[0] ?? '' }], unattended);
    age();
    await trail.collectGarbage(unattended);
    const others = otherOnnxGraph(location, 'x');
    write(model, others);
    const target = { model, version: first.version.id };
    const { externalData } = await trail.planRollback(target, unattended);
    expect(externalData).toMatchObject([{ target: { model: data }, missing: expect.any(String) as string }]);
    await expect(trail.rollback(target, unattended)).rejects.toEqual(code('missingBytes'));
    expect([onDisk(model), onDisk(data)]).toEqual([sha256(others), ids[1]]);
  });
});

describe('a file with the weights of an ONNX model', () => {
  it('is not taken for what its bytes begin like', async () => {
    const trail = await open();
    write(data, Buffer.concat([Buffer.from('PK\x03\x04'), onnxWeights(0)]));
    write('models/other.onnx_data', Buffer.concat([Buffer.from([0x80, 0x04]), onnxWeights(0)]));
    for (const name of [data, 'models/other.onnx_data']) {
      const { record, formatLabel } = await trail.inspect({ model: name }, unattended);
      expect(formatLabel).toBe('weights of an ONNX model');
      expect(record).toMatchObject({ format: 'onnxData', tensors: [], complete: false });
      const { version } = await trail.record({ model: name }, unattended);
      write(name, onnxWeights(1));
      const { notes } = await trail.diff({ model: name, version: version.id }, { model: name }, unattended);
      expect(notes).toContainEqual(expect.stringMatching(/compare versions of that\.$/));
      expect(record.findings).toMatchObject([
        { message: expect.stringMatching(/\.onnx file beside/) as string },
      ]);
    }
  });
});
