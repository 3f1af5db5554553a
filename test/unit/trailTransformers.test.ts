import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { copy, record, setTime } from '../support/trainers.ts';
import { open, workspace } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

// What the Trainer of transformers wrote.

it('says of each checkpoint what was measured at its step', async () => {
  copy('transformers');
  const first = await record('transformers/checkpoint-4');
  expect(first.metricsFile).toBe('transformers/checkpoint-4/trainer_state.json');
  expect(first.metricsProblem).toBeUndefined();
  expect(first.version.metrics).toEqual({
    loss: 0.6986618041992188,
    learning_rate: 0.006999999999999999,
    grad_norm: 0.37367478013038635,
    eval_loss: 0.6934982538223267,
    eval_accuracy: 0.5,
  });
  const params = { epoch: 1, step: 4, num_train_epochs: 3, max_steps: 10, train_batch_size: 4 };
  expect(first.version.params).toEqual(params);
  const last = await record('transformers/checkpoint-10');
  expect(last.version).toMatchObject({ metrics: { eval_loss: 0.6939576268196106 }, params: { step: 10 } });
});

it('says nothing of a checkpoint of another step than its own', async () => {
  copy('transformers/checkpoint-4');
  copy('transformers/checkpoint-8/trainer_state.json', 'transformers/checkpoint-4/trainer_state.json');
  const { version, metricsProblem } = await record('transformers/checkpoint-4');
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toMatch(/trainer_state\.json was not used: it is of step 8\.$/);
});

it('says of the model at the end what it logged and what was measured then', async () => {
  copy('transformers');
  expect((await record('transformers')).version).toMatchObject({
    metrics: { loss: 0.6925027370452881, train_loss: 0.6937549591064454, eval_loss: 0.6939576268196106 },
    params: { epoch: 2.5, step: 10 },
  });
});

it('says of the best model that it loaded at the end nothing that is of the last step', async () => {
  copy('transformers-best');
  const { version } = await record('transformers-best');
  const best = await record('transformers-best/checkpoint-4');
  expect(version.metrics).toEqual({
    train_loss: 3.196821868419647,
    eval_loss: best.version.metrics['eval_loss'],
    eval_accuracy: 0.5,
  });
  expect(version.params).not.toHaveProperty('step');
});

it('nor when there is nothing but its state, and then says of which step its evaluation is', async () => {
  copy('transformers-best/trainer_state.json');
  copy('transformers-best/config.json');
  copy('transformers-best/model.safetensors');
  const { version, metricsProblem } = await record('transformers-best');
  expect(version.metrics).toEqual({ train_loss: 3.196821868419647 });
  expect(metricsProblem).toMatch(/no evaluation of these weights, but one of others, at step 8/);
});

it('takes no evaluation of an earlier step, and reads the NaN of Python', async () => {
  copy('transformers-nan');
  const log = JSON.parse(
    workspace.read('transformers-nan/checkpoint-8/trainer_state.json').toString().replaceAll('NaN', 'null'),
  );
  log.log_history = log.log_history.filter((row: { step: number }) => row.step < 8 || 'loss' in row);
  workspace.write('transformers-nan/checkpoint-8/trainer_state.json', JSON.stringify(log));
  const { version, metricsProblem } = await record('transformers-nan/checkpoint-8');
  expect(Object.keys(version.metrics)).toEqual(['learning_rate', 'loss']);
  expect(metricsProblem).toContain('at step 4');
  const { metrics } = (await record('transformers-nan')).version;
  expect(metrics).toMatchObject({ grad_norm: NaN, eval_loss: NaN, train_loss: 0.12994995713233948 });
});

it('is read also where the folder that is opened is its output', async () => {
  copy('transformers', '.');
  const { version, metricsFile } = await record('model.safetensors');
  expect(metricsFile).toMatch(/^(?:trainer_state|eval_results|train_results)\.json$/);
  expect(version.metrics).toMatchObject({ eval_loss: 0.6939576268196106 });
});

it('is not believed where its files are older than the weights: they may be of another training', async () => {
  copy('transformers');
  setTime(-60, 'transformers/eval_results.json');
  const { version, metricsProblem } = await record('transformers');
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toMatch(/eval_results\.json was not used for transformers: it is much older/);
});

it('does not say of new weights what it said of those before', async () => {
  copy('transformers');
  const names = ['trainer_state', 'eval_results', 'train_results', 'all_results'];
  setTime(-9, ...names.map((name) => `transformers/${name}.json`), 'transformers/model.safetensors');
  await record('transformers');
  workspace.write('transformers/model.safetensors', safetensors());
  setTime(1, 'transformers/model.safetensors');
  const { version, metricsProblem } = await record('transformers');
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toContain('it was written for v1, before this version');
});

it('comes after metrics that somebody wrote for the model, and what was given by hand', async () => {
  copy('transformers');
  workspace.write('transformers/metrics.json', '{"f1": 0.9}');
  expect((await record('transformers')).version.metrics).toEqual({ f1: 0.9 });
  const trail = await open();
  const model = 'transformers/checkpoint-4';
  await trail.record({ model, metrics: { eval_loss: 0.1 } }, unattended);
  const { version } = await trail.record({ model }, unattended);
  expect(version.metrics).toMatchObject({ eval_loss: 0.1, eval_accuracy: 0.5 });
});

it.each([
  ['something else', '{"log_history": 3}'],
  ['a list', '[]'],
  ['cut off', '{"log_history": [], "global_step": '],
  ['nothing but brackets', '['.repeat(100_000)],
])('leaves out the metrics, and says why, where its state is %s', async (_, text) => {
  copy('transformers');
  workspace.write('transformers/trainer_state.json', text);
  const { version, metricsProblem } = await record('transformers');
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toMatch(/trainer_state\.json.*recorded without its metrics/);
});
