import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { onnxGraph, onnxWeights, otherOnnxGraph } from '../support/onnxData.ts';
import { age, code, elsewhere, open, workspace, write } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

const model = 'models/modelx.onnx';
const location = 'modelx.onnx.data';
const data = `models/${location}`;
const ids = [onnxWeights(0), onnxWeights(1), onnxWeights(2)].map((bytes) => sha256(bytes));

function exported(step: number, onnx = onnxGraph(location)): void {
  write(model, onnx);
  write(data, onnxWeights(step));
}

const onDisk = (name: string): string => sha256(workspace.read(name));

async function twoTrainings() {
  const trail = await open();
  exported(0);
  const first = await trail.record({ model, message: 'first', metrics: { acc: 0.5 } }, unattended);
  write(data, onnxWeights(1));
  const second = await trail.record({ model, message: 'second', metrics: { acc: 0.9 } }, unattended);
  return { trail, first, second };
}

describe('an ONNX model whose weights are in another file', () => {
  it('is recorded with that file, and what is said is said of both', async () => {
    const trail = await open();
    exported(0);
    workspace.write('models/modelx.metrics.json', '{"f1": 0.8}');
    const result = await trail.record({ model, message: 'first', metrics: { acc: 0.5 } }, unattended);
    const said = { number: 1, message: 'first', metrics: { acc: 0.5, f1: 0.8 } };
    expect(result).toMatchObject({
      version: { model, ...said, externalData: { [location]: ids[0] } },
      metricsFile: 'models/modelx.metrics.json',
      externalData: [{ isNew: true, version: { model: data, id: ids[0], ...said } }],
      externalDataProblems: [],
    });
    expect(await trail.models()).toMatchObject([
      { path: model, working: { state: 'same' } },
      { path: data, working: { state: 'same' } },
    ]);
    // The fact is one that others read.
    const later = await open();
    expect(await later.version({ model, version: result.version.id })).toEqual(result.version);
  });

  it('has the metrics of new weights on these, and keeps those of the first ones', async () => {
    const { trail, first, second } = await twoTrainings();
    expect(second).toMatchObject({
      isNew: false,
      version: { id: first.version.id, message: 'first', metrics: { acc: 0.5 } },
      described: [{ model: data, number: 2 }],
      externalData: [{ isNew: true, version: { id: ids[1], message: 'second', metrics: { acc: 0.9 } } }],
    });
    // Measured again: still of the weights that are there.
    const third = await trail.record({ model, metrics: { acc: 0.91 } }, unattended);
    expect(third).toMatchObject({
      version: { metrics: { acc: 0.5 } },
      described: [{ model: data, id: ids[1], metrics: { acc: 0.91 } }],
    });
    write(data, onnxWeights(0));
    const back = await trail.record({ model, metrics: { f1: 0.4 } }, unattended);
    expect(back.described).toMatchObject([{ model, metrics: { acc: 0.5, f1: 0.4 } }]);
  });

  it('takes the metrics file that is written after new weights for theirs', async () => {
    const trail = await open();
    exported(0);
    workspace.write('models/metrics.json', '{"acc": 0.5}');
    await trail.record({ model }, unattended);
    exported(1);
    workspace.write('models/metrics.json', '{"acc": 0.9}');
    expect(await trail.record({ model }, unattended)).toMatchObject({
      metricsFile: 'models/metrics.json',
      version: { metrics: { acc: 0.5 } },
      externalData: [{ version: { number: 2, metrics: { acc: 0.9 } } }],
    });
  });

  it('has no metrics of a later training after its weights alone were rolled back', async () => {
    const trail = await open();
    exported(0);
    const { version } = await trail.record({ model }, unattended);
    write(data, onnxWeights(1));
    workspace.write('models/metrics.json', '{"acc": 0.9}');
    await trail.record({ model }, unattended);
    await trail.rollback({ model, version: version.id }, unattended);
    const again = await trail.record({ model, message: 'again' }, unattended);
    expect(again).toMatchObject({ version: { message: 'again', metrics: {} } });
  });

  it('gives the metrics beside it to the file with its weights, whatever that is called', async () => {
    const trail = await open();
    for (const name of ['model1.onnx.data', 'model2.onnx.data']) write(`models/${name}`, onnxWeights(0));
    write('models/net.onnx', onnxGraph('model1.onnx.data'));
    workspace.write('models/metrics.json', '{"acc": 0.5}');
    const result = await trail.record({ model: 'models/net.onnx' }, unattended);
    expect(result.metricsProblem).toBeUndefined();
    expect(result.externalData).toMatchObject([{ version: { metrics: { acc: 0.5 } } }]);
  });

  it('says of a new graph what is said, and not of the weights that were there before', async () => {
    const trail = await open();
    exported(0);
    await trail.record({ model, metrics: { acc: 0.5 } }, unattended);
    write(model, otherOnnxGraph(location, 'x'));
    const { version, externalData } = await trail.record({ model, metrics: { acc: 0.6 } }, unattended);
    expect(version).toMatchObject({
      number: 2,
      metrics: { acc: 0.6 },
      externalData: { [location]: ids[0] },
    });
    expect(externalData).toMatchObject([{ isNew: false, version: { number: 1, metrics: { acc: 0.5 } } }]);
  });

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

  it('records a file that no setting names, as the model names it', async () => {
    const trail = await open();
    const other = 'models/external.weights';
    write(model, onnxGraph());
    write(other, onnxWeights(0));
    await trail.record({ model }, unattended);
    write(other, onnxWeights(1));
    await trail.refresh(unattended);
    expect(await trail.models()).toMatchObject([
      { path: other, versions: 1, working: { state: 'unchecked' } },
      { path: model, versions: 1 },
    ]);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  });

  it('is recorded without weights that are missing, which it says, and takes what comes later for its own', async () => {
    const trail = await open();
    write(model, onnxGraph(location));
    const { version, externalData, externalDataProblems } = await trail.record({ model }, unattended);
    expect(externalData).toEqual([]);
    expect(externalDataProblems).toEqual([expect.stringMatching(/missing.*modelx\.onnx\.data/) as string]);
    write(data, onnxWeights(0));
    expect(await trail.record({ model, metrics: { acc: 1 } }, unattended)).toMatchObject({
      version: { metrics: {} },
      described: [{ model: data, metrics: { acc: 1 } }],
    });
    // Nobody knows whether those are the weights of then.
    await expect(trail.rollback({ model, version: version.id }, unattended)).rejects.toThrow(
      /already is v1\..*models\/modelx\.onnx\.data, which stays as it is/,
    );
  });

  it('is recorded without weights that are only a pointer of Git LFS here, which it says', async () => {
    const trail = await open();
    write(model, onnxGraph(location));
    write(data, `version https://git-lfs.github.com/spec/v1\noid sha256:${ids[0]}\nsize 8192\n`);
    const { externalData, externalDataProblems } = await trail.record({ model }, unattended);
    expect(externalData).toEqual([]);
    expect(externalDataProblems).toEqual([expect.stringMatching(/git lfs pull/) as string]);
  });

  it('follows no path and no link out of its folder', async () => {
    const trail = await open();
    const secret = elsewhere.write('secret', 'secret');
    for (const outside of ['../../modelx.key', '/etc/hostname.xx', 'C:\\modelx.key.xx', '.git/config.....']) {
      write(model, onnxGraph(outside));
      const { externalData, externalDataProblems } = await trail.record({ model }, unattended);
      expect(externalData, outside).toEqual([]);
      expect(externalDataProblems, outside).toHaveLength(1);
    }
    write(model, onnxGraph(location));
    symlinkSync(path.join(elsewhere.folder, 'secret'), path.join(workspace.folder, data));
    const result = await trail.record({ model }, unattended);
    expect(result.externalData).toEqual([]);
    expect(result.externalDataProblems).toEqual([expect.stringMatching(/leads out of the trail/) as string]);
    expect(await trail.version({ model: data, version: secret })).toBeUndefined();
    rmSync(path.join(workspace.folder, data));
    mkdirSync(path.join(workspace.folder, data));
    expect((await trail.record({ model }, unattended)).externalDataProblems).toHaveLength(1);
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
    const { version } = recorded;
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
