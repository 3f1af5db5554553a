import { utimesSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
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

function train(minutes: number): string {
  return writeAt(minutes, model, safetensors(1000));
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
