import { utimesSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { RecordResult } from '../../src/trail/api/changes.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { model, open, workspace } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

const minute = 60_000;

/** Writes a file as it would be if it had been written so many minutes from now. */
function writeAt(minutes: number, name: string, content: string | Uint8Array): string {
  const id = workspace.write(name, content);
  const time = new Date(Date.now() + minutes * minute);
  utimesSync(path.join(workspace.folder, name), time, time);
  return id;
}

function evaluate(minutes: number, f1: number): void {
  writeAt(minutes, 'metrics.json', JSON.stringify({ f1, params: { lr: 0.1 } }));
}

function train(minutes: number, name = model): string {
  return writeAt(minutes, name, safetensors(1000));
}

/** What a training writes after each epoch. */
function log(minutes: number, epoch: number, loss: number): void {
  writeAt(minutes, 'metrics.json', JSON.stringify({ epoch, val_loss: loss, params: { lr: 0.1 } }));
}

it('does not take the metrics of the version before for those of a new one, and says what to do', async () => {
  const trail = await open();
  train(-9);
  evaluate(-8, 0.8);
  await trail.record({ model }, unattended);
  train(1);
  const { version, metricsFile, metricsProblem } = await trail.record(
    { model, metrics: { auc: 0.9 } },
    unattended,
  );
  expect({ version, metricsFile }).toMatchObject({
    version: { metrics: { auc: 0.9 }, params: {} },
    metricsFile: undefined,
  });
  expect(version.metrics).not.toHaveProperty('f1');
  expect(metricsProblem).toMatch(/metrics\.json.* v1.*record it again/);
  evaluate(2, 0.85);
  expect((await trail.record({ model }, unattended)).version.metrics).toEqual({ f1: 0.85, auc: 0.9 });
});

it('nor those of a version further back, which say something else than the one before', async () => {
  const trail = await open();
  train(-9);
  evaluate(-8, 0.8);
  await trail.record({ model, metrics: { f1: 0.99 } }, unattended);
  train(1);
  expect((await trail.record({ model }, unattended)).version.metrics).toEqual({});
});

it('nor in a fresh clone, where every file was written when it was cloned', async () => {
  train(0);
  evaluate(0, 0.8);
  workspace.commit('trained');
  const trail = await open();
  await trail.refresh(unattended);
  evaluate(5, 0.8);
  train(6);
  const { version, metricsProblem } = await trail.record({ model }, unattended);
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toContain('metrics.json');
});

it('takes metrics that were written shortly before the model, also when they say what was said before', async () => {
  const trail = await open();
  train(-9);
  evaluate(-8, 0.8);
  await trail.record({ model }, unattended);
  evaluate(1, 0.9);
  train(2);
  expect((await trail.record({ model }, unattended)).version.metrics).toEqual({ f1: 0.9 });
  train(3);
  evaluate(4, 0.9);
  expect((await trail.record({ model }, unattended)).version.metrics).toEqual({ f1: 0.9 });
});

it('takes the metrics of a model that was trained while somebody else recorded another version', async () => {
  const trail = await open();
  train(-9);
  evaluate(-9, 0.8);
  await trail.record({ model }, unattended);
  evaluate(-7, 0.9);
  train(-8);
  expect((await trail.record({ model }, unattended)).version.metrics).toEqual({ f1: 0.9 });
});

it('keeps a value that was given by hand, whatever the metrics file says and when it is written', async () => {
  const trail = await open();
  train(-9);
  evaluate(-8, 0.7);
  await trail.record({ model, metrics: { f1: 0.99 } }, unattended);
  const again = await trail.record({ model, message: 'only the message' }, unattended);
  expect(again.version).toMatchObject({ metrics: { f1: 0.99 }, params: { lr: 0.1 } });
  const version = again.version.id;
  evaluate(1, 0.71);
  expect((await trail.record({ model }, unattended)).version.metrics).toEqual({ f1: 0.99 });
  await trail.measure({ model, version }, { metrics: {}, params: { lr: 0.2 } });
  expect((await trail.record({ model }, unattended)).version.params).toEqual({ lr: 0.2 });
  // What is given by hand again counts, also where it is what the file says.
  await trail.record({ model, metrics: { f1: 0.71 } }, unattended);
  expect((await trail.record({ model }, unattended)).version.metrics).toEqual({ f1: 0.71 });
});

it('keeps a value that was given by hand though it was what the file said then', async () => {
  const trail = await open();
  train(-9);
  evaluate(-8, 0.7);
  await trail.record({ model }, unattended);
  await trail.record({ model, metrics: { f1: 0.7 } }, unattended);
  evaluate(1, 0.8);
  expect((await trail.record({ model }, unattended)).version.metrics).toEqual({ f1: 0.7 });
});

describe('the metrics of a best model that stays while the training goes on', () => {
  async function trained(): Promise<Trail> {
    const trail = await open();
    train(-9);
    log(-8, 1, 0.3);
    await trail.record({ model, message: 'epoch 1' }, unattended);
    log(1, 2, 1.7);
    return trail;
  }

  it('stay too, and it is said what the file says, what the version has and what to do', async () => {
    const trail = await trained();
    const again = await trail.record({ model, message: 'epoch 2' }, unattended);
    expect(again).toMatchObject({ isNew: false, messageBefore: 'epoch 1', metricsFile: undefined });
    expect(again.version).toMatchObject({ message: 'epoch 2', metrics: { epoch: 1, val_loss: 0.3 } });
    expect(again.metricsProblem).toMatch(
      /metrics\.json was not used: it says epoch=2, val_loss=1\.7, but v1/,
    );
    expect(again.metricsProblem).toMatch(/has epoch=1, val_loss=0\.3\./);
    expect(again.metricsProblem).toMatch(
      /modeltrail record net\.safetensors --metric epoch=2 --metric val_loss=1\.7$/,
    );
    const byHand = await trail.record({ model, metrics: { epoch: 2, val_loss: 1.7 } }, unattended);
    expect(byHand.version.metrics).toEqual({ epoch: 2, val_loss: 1.7 });
    expect(byHand.metricsProblem).toBeUndefined();
  });

  it('get no others from a file that contradicts one of them, also where that one was given by hand', async () => {
    const trail = await trained();
    writeAt(2, 'metrics.json', '{"epoch": 1, "val_loss": 0.3, "params": {"lr": 0.2}, "auc": 0.6}');
    const again = await trail.record({ model }, unattended);
    expect(again.version).toMatchObject({ params: { lr: 0.1 }, metrics: { epoch: 1, val_loss: 0.3 } });
    expect(again.version.metrics).not.toHaveProperty('auc');
    expect(again.metricsProblem).toMatch(/ --param lr=0\.2$/);
    await trail.record({ model, metrics: { val_loss: 0.25 } }, unattended);
    writeAt(3, 'metrics.json', '{"val_loss": 0.9, "auc": 0.6}');
    expect((await trail.record({ model }, unattended)).version.metrics).toEqual({ epoch: 1, val_loss: 0.25 });
  });

  it('get those of an evaluation that comes later and contradicts none', async () => {
    const trail = await trained();
    writeAt(2, 'metrics.json', '{"val_loss": 0.3, "test_acc": 0.9}');
    const { version, metricsProblem } = await trail.record({ model }, unattended);
    expect(version.metrics).toEqual({ epoch: 1, val_loss: 0.3, test_acc: 0.9 });
    expect(metricsProblem).toBeUndefined();
  });

  it('are those of the commit, when it was not recorded then', async () => {
    train(-9);
    log(-8, 1, 0.3);
    workspace.commit('epoch 1');
    const trail = await open();
    await trail.refresh(unattended);
    log(1, 2, 1.7);
    const { version, isNew, metricsProblem } = await trail.record({ model }, unattended);
    expect({ isNew, metrics: version.metrics }).toEqual({
      isNew: true,
      metrics: { epoch: 1, val_loss: 0.3 },
    });
    expect(metricsProblem).toContain('val_loss=1.7');
  });
});

describe('a metrics file that a series shares', () => {
  async function recordAll(names: readonly string[]): Promise<readonly RecordResult[]> {
    const trail = await open();
    return Promise.all(names.map((name) => trail.record({ model: name }, unattended)));
  }

  it('is that of the one that was written last before it, and the others are told so', async () => {
    for (const epoch of [8, 9, 10]) {
      train(-30 + epoch, `epoch_${epoch}.safetensors`);
      log(-30 + epoch, epoch, 1 / epoch);
    }
    train(-1, 'epoch_11.safetensors');
    const results = await recordAll([8, 9, 10].map((epoch) => `epoch_${epoch}.safetensors`));
    expect(results.map(({ version }) => version.metrics)).toEqual([{}, {}, { epoch: 10, val_loss: 0.1 }]);
    expect(results[0]?.metricsProblem).toMatch(
      /metrics\.json was not used for epoch_8\.safetensors: epoch_9\.safetensors was written after/,
    );
    expect(results[2]?.metricsProblem).toBeUndefined();
  });

  it('is that of every model of one run', async () => {
    const names = [
      'model.safetensors',
      'model.onnx',
      'model-fp16.onnx',
      'model-fp32.onnx',
      'model-00001-of-00002.gguf',
      'model-00002-of-00002.gguf',
      'consolidated.00.pth',
      'consolidated.01.pth',
    ];
    for (const [index, name] of names.entries()) train(-9 + index / 60, name);
    log(-8, 1, 0.3);
    for (const { version, metricsProblem } of await recordAll(names)) {
      expect({ metricsProblem, metrics: version.metrics }).toEqual({ metrics: { epoch: 1, val_loss: 0.3 } });
    }
  });

  it('is no matter to one that has a file of its own, or is beside what is no model', async () => {
    train(-9, 'epoch_1.safetensors');
    writeAt(-8, 'epoch_1.metrics.json', '{"val_loss": 0.3}');
    train(-7, 'epoch_2.safetensors');
    train(-9, 'kept/step-1.safetensors');
    writeAt(-8, 'kept/step-2.safetensors/readme.txt', 'a folder');
    writeAt(-7, 'kept/metrics.json', '{"val_loss": 0.4}');
    const results = await recordAll(['epoch_1.safetensors', 'kept/step-1.safetensors']);
    expect(results.map(({ version }) => version.metrics)).toEqual([{ val_loss: 0.3 }, { val_loss: 0.4 }]);
  });

  it('is that of the last one of folders that are models, too', async () => {
    for (const step of [5, 10]) {
      writeAt(-30 + step, `run/checkpoint-${step}/config.json`, '{}');
      train(-30 + step, `run/checkpoint-${step}/model.safetensors`);
      utimesSync(
        path.join(workspace.folder, `run/checkpoint-${step}`),
        0,
        Date.now() / 1000 + (step - 30) * 60,
      );
    }
    writeAt(-1, 'run/metrics.json', '{"val_loss": 0.4}');
    const results = await recordAll(['run/checkpoint-5', 'run/checkpoint-10']);
    expect(results.map(({ version }) => version.metrics)).toEqual([{}, { val_loss: 0.4 }]);
  });
});

it('takes metrics that are much older than the first version of a model, and says so once', async () => {
  const trail = await open();
  evaluate(-9, 0.8);
  train(-6);
  const first = await trail.record({ model }, unattended);
  expect(first).toMatchObject({
    version: { metrics: { f1: 0.8 } },
    metricsFile: 'metrics.json',
    metricsProblem:
      'metrics.json was written 3 minutes before net.safetensors: its metrics were recorded, so check that they are those of this version.',
  });
  expect((await trail.record({ model, message: 'again' }, unattended)).metricsProblem).toBeUndefined();
});

it('says nothing of metrics that were written shortly before the first version of a model', async () => {
  const trail = await open();
  evaluate(-7, 0.8);
  train(-6);
  const { version, metricsProblem } = await trail.record({ model }, unattended);
  expect([version.metrics, metricsProblem]).toEqual([{ f1: 0.8 }, undefined]);
});
