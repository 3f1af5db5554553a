import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { copy, outputs, record } from '../support/trainers.ts';
import { workspace } from '../support/trails.ts';

// What the CSVLogger of Lightning wrote.

const logs = 'lightning/lightning_logs';
const losses: Record<string, number> = JSON.parse(
  readFileSync(path.join(outputs, 'lightning/losses.json'), 'utf8'),
);
const checkpoint = `${logs}/version_0/checkpoints/epoch=1-step=10.ckpt`;
const log = `${logs}/version_0/metrics.csv`;

// The loss that the weights of each file really come to was computed from them.
it.each(Object.keys(losses))('never says of %s what is of other weights', async (model) => {
  copy('lightning');
  const { version, metricsFile } = await record(model);
  const isAtEvaluation = /version_0|version_2.*step=20|version_3.*epoch/.test(model);
  if (isAtEvaluation) expect(version.metrics['val_loss']).toBeCloseTo(losses[model] ?? NaN, 6);
  else expect(version.metrics).not.toHaveProperty('val_loss');
  expect(metricsFile).toBe(model.replace(/checkpoints.*/, 'metrics.csv'));
  expect(version.params).toMatchObject({ width: 3, lr: 0.01 });
});

it('says what was logged after the batch that a checkpoint was made after', async () => {
  copy('lightning');
  expect((await record(checkpoint)).version).toMatchObject({
    metrics: { train_loss_step: 0.8365954756736755, train_loss_epoch: 0.5280596017837524 },
    params: { epoch: 1, step: 10 },
  });
  // Of two optimizers each counts as a step in the name, and not in the log.
  const other = await record(`${logs}/version_2/checkpoints/epoch=0-step=4.ckpt`);
  expect(other.version.metrics).toEqual({ train_loss: 0.4773749113082886 });
});

it('says nothing as long as it has not come so far, and says that', async () => {
  copy('lightning');
  const whole = workspace.read(log).toString();
  workspace.write(log, whole.slice(0, whole.indexOf('\n1,9') + 5));
  const early = await record(checkpoint);
  expect(early.version.metrics).toEqual({});
  expect(early.metricsProblem).toMatch(/step 9.*again\.$/);
  expect(early.metricsProblem).toContain(
    `${log} was not used: nothing in it can be told to be of ${checkpoint},`,
  );
  workspace.write(log, whole);
  expect((await record(checkpoint)).version.metrics).toHaveProperty('val_loss');
});

it('says nothing where it is of two trainings, or the folder is', async () => {
  copy('lightning');
  appendFileSync(path.join(workspace.folder, log), '0,1,,0.5,\r\n');
  expect((await record(checkpoint)).version.metrics).toEqual({});
  copy('lightning', 'again');
  copy(
    'lightning/lightning_logs/version_0/checkpoints/last.ckpt',
    `again/${log.slice(10, 34)}/checkpoints/last-v1.ckpt`,
  );
  const { version, metricsProblem } = await record(`again/${checkpoint.slice(10)}`);
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toContain('more than one training');
});
