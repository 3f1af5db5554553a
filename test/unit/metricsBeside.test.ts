import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findMetricsFile, metricsNamesOf, readMetricsBeside } from '../../src/metrics/beside.ts';
import type { ModelPlace } from '../../src/metrics/source.ts';

// The metrics file of a model.

let folder: string;
let model: string;
let place: ModelPlace;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'modeltrail metrics '));
  model = path.join(folder, 'churn.v2.onnx');
  const inside = async () => new Map();
  place = { path: model, model: 'churn.v2.onnx', isDirectory: false, root: folder, trained: 0n, inside };
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is looked for under these names, the nearest first', async () => {
  const names = metricsNamesOf('models/churn.v2.onnx', false);
  expect(names).toEqual([
    'models/churn.v2.onnx.metrics.json',
    'models/churn.v2.metrics.json',
    'models/churn.v2.onnx.metrics.yaml',
    'models/churn.v2.metrics.yaml',
    'models/churn.v2.onnx.metrics.yml',
    'models/churn.v2.metrics.yml',
    'models/metrics.json',
    'models/metrics.yaml',
    'models/metrics.yml',
  ]);
  expect(metricsNamesOf('churn.onnx', false)[0]).toBe('churn.onnx.metrics.json');
  expect(await findMetricsFile(model)).toBeUndefined();
  for (const name of names.toReversed()) {
    const file = path.join(folder, path.basename(name));
    writeFileSync(file, '{}');
    expect(await findMetricsFile(model)).toBe(file);
  }
});

it('is read, or its problem told with its name in the trail', async () => {
  expect(await readMetricsBeside(place)).toBeUndefined();
  const file = path.join(folder, 'metrics.json');
  writeFileSync(file, '{"f1": 0.5, "params": {"lr": 0.1}}');
  expect(await readMetricsBeside(place)).toMatchObject({
    file: 'metrics.json',
    metrics: { f1: 0.5 },
    params: { lr: 0.1 },
  });
  writeFileSync(file, '{"f1": 0.5,, }');
  await expect(readMetricsBeside(place)).rejects.toThrow('The metrics file metrics.json cannot');
  writeFileSync(file, ' '.repeat(2 ** 21));
  await expect(readMetricsBeside(place)).rejects.toThrow('larger than 1 MiB');
});

it('is first the one in it, if the model is a directory', async () => {
  const names = metricsNamesOf('models/bert', true);
  expect(names.slice(0, 4)).toEqual([
    'models/bert/metrics.json',
    'models/bert/metrics.yaml',
    'models/bert/metrics.yml',
    'models/bert.metrics.json',
  ]);
  mkdirSync(path.join(folder, 'bert'));
  for (const name of names.toReversed()) {
    const file = path.join(folder, path.relative('models', name));
    writeFileSync(file, '{}');
    expect(await findMetricsFile(path.join(folder, 'bert'))).toBe(file);
  }
});

it('is not that of the model directory that it is in', async () => {
  const checkpoint = path.join(folder, 'checkpoint-10');
  for (const directory of [folder, checkpoint]) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, 'config.json'), '{}');
    writeFileSync(path.join(directory, 'model.safetensors'), '');
  }
  const outer = path.join(folder, 'metrics.json');
  writeFileSync(outer, '{"f1": 0.77}');
  expect(await findMetricsFile(folder)).toBe(outer);
  expect(await findMetricsFile(checkpoint)).toBeUndefined();
  const own = path.join(folder, 'checkpoint-10.metrics.json');
  writeFileSync(own, '{"f1": 0.3}');
  expect(await findMetricsFile(checkpoint)).toBe(own);
  const inner = path.join(checkpoint, 'metrics.json');
  writeFileSync(inner, '{"f1": 0.31}');
  expect(await findMetricsFile(checkpoint)).toBe(inner);
});

it('is no folder that happens to have its name', async () => {
  mkdirSync(path.join(folder, 'metrics.json'));
  expect(await readMetricsBeside(place)).toBeUndefined();
});
