import { expect, it } from 'vitest';
import { copy, record, setTime } from '../support/trainers.ts';
import { workspace } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

it.each(['net.safetensors', 'models/deep/net.safetensors'])('says its last values of %s', async (model) => {
  copy('dvclive', '.');
  workspace.write(model, safetensors());
  const { version, metricsFile } = await record(model);
  expect(metricsFile).toBe('dvclive/metrics.json');
  expect(version.metrics).toEqual({ 'train.loss': 0.3333333333333333, f1: 0.7 });
  expect(version.params).toEqual({ lr: 0.01, layers: '[4,2]', step: 2 });
});

it('leaves out what the machine did meanwhile', async () => {
  copy('dvclive-monitored', '.');
  workspace.write('net.safetensors', safetensors());
  const { version } = await record('net.safetensors');
  expect(version.metrics).toEqual({ f1: 0.7, 'system.lag': 3 });
});

// As log_artifact(..., copy=True) does.
it('says its values of a model that DVCLive made a copy of, and nothing of the copy, which may be older', async () => {
  copy('dvclive', '.');
  workspace.write('models/net.safetensors', safetensors());
  workspace.write('dvclive/artifacts/net.safetensors', safetensors());
  expect((await record('models/net.safetensors')).version.metrics).toMatchObject({ f1: 0.7 });
  const { version, metricsProblem } = await record('dvclive/artifacts/net.safetensors');
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toMatch(/it may be of models\/net\.safetensors as well/);
  workspace.write('dvclive/artifacts/other.safetensors', safetensors());
  workspace.write('models/net.safetensors', safetensors());
  expect((await record('models/net.safetensors')).metricsProblem).toMatch(
    /artifacts\/other\.safetensors as well/,
  );
});

it('says nothing where it may be of another model, and names that', async () => {
  workspace.write('a/net.safetensors', safetensors());
  workspace.write('b/other.safetensors', safetensors());
  copy('dvclive', '.');
  const { version, metricsProblem } = await record('a/net.safetensors');
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toMatch(/it may be of b\/other\.safetensors as well/);
  copy('dvclive', 'a');
  expect((await record('a/net.safetensors')).version.metrics).toMatchObject({ f1: 0.7 });
});

it.each(['best', 'net_best', 'epoch_3', 'step=500'])(
  'says nothing of %s: its values are of the end',
  async (name) => {
    copy('dvclive', '.');
    workspace.write(`${name}.safetensors`, safetensors());
    const { version, metricsProblem } = await record(`${name}.safetensors`);
    expect(version.metrics).toEqual({});
    expect(metricsProblem).toMatch(/it is of the last step/);
  },
);

it('says nothing of a model that was written long before it: a training may have gone on since', async () => {
  copy('dvclive', '.');
  workspace.write('net.safetensors', safetensors());
  setTime(-9, 'net.safetensors');
  const { version, metricsProblem } = await record('net.safetensors');
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toMatch(/it is of the last step/);
});

it('does not say of a new version what it said of the one before', async () => {
  copy('dvclive', '.');
  workspace.write('net.safetensors', safetensors());
  setTime(-9, 'net.safetensors', 'dvclive/metrics.json');
  await record('net.safetensors');
  workspace.write('net.safetensors', safetensors());
  setTime(1, 'net.safetensors');
  const { version, metricsProblem } = await record('net.safetensors');
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toContain('it was written for v1');
});
