import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { data, exported, ids, location, model, onDisk, twoTrainings } from '../support/onnxTrainings.ts';
import { onnxGraph, onnxGraphOf, onnxWeights, otherOnnxGraph } from '../support/onnxData.ts';
import { elsewhere, open, workspace, write } from '../support/trails.ts';

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

  it('is recorded without weights that are missing, which it says, and with them once they are there', async () => {
    const trail = await open();
    write(model, onnxGraph(location));
    const { version, externalData, externalDataProblems } = await trail.record({ model }, unattended);
    expect(externalData).toEqual([]);
    expect(externalDataProblems).toEqual([expect.stringMatching(/missing.*modelx\.onnx\.data/) as string]);
    write(data, onnxWeights(0));
    const again = await trail.record({ model, metrics: { acc: 1 } }, unattended);
    expect(again).toMatchObject({
      isNew: false,
      version: { number: 1, metrics: { acc: 1 }, externalData: { [location]: ids[0] } },
      described: [{ model }, { model: data, metrics: { acc: 1 } }],
    });
    // Also for whoever reads the journal, and when what was said is undone.
    await trail.undo((await trail.planUndo())?.fact.id ?? '', unattended);
    const later = await open();
    expect(await later.version({ model, version: version.id })).toMatchObject({
      metrics: {},
      externalData: { [location]: ids[0] },
    });
    write(data, onnxWeights(1));
    expect(await later.record({ model }, unattended)).toMatchObject({
      version: { externalData: { [location]: ids[0] } },
      described: [{ model: data, id: ids[1] }],
    });
    await later.rollback({ model, version: version.id }, unattended);
    expect(onDisk(data)).toBe(ids[0]);
  });

  it('is given weights that were missing when it was recorded with others only where those are there still', async () => {
    const trail = await open();
    const names = ['model1.onnx.data', 'model2.onnx.data'] as const;
    const [one, two] = names.map((name) => `models/${name}`) as [string, string];
    write(model, onnxGraphOf(names));
    const first = { [names[0]]: write(one, onnxWeights(0)) };
    const { version } = await trail.record({ model }, unattended);
    expect(version.externalData).toEqual(first);
    write(one, onnxWeights(1));
    const missing = write(two, onnxWeights(2));
    const other = await trail.record({ model, message: 'other' }, unattended);
    expect(other).toMatchObject({
      version: { externalData: first },
      described: [{ model: one }, { model: two }],
    });
    write(one, onnxWeights(0));
    const same = await trail.record({ model }, unattended);
    expect(same.version.externalData).toEqual({ ...first, [names[1]]: missing });
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
});
