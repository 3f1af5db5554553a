import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { atStep } from '../../src/metrics/lightning.ts';
import { parseParams } from '../../src/metrics/metricsFile.ts';
import { maxLogBytes } from '../../src/metrics/source.ts';
import { parseTrainerResults, parseTrainerState } from '../../src/metrics/trainerState.ts';

const names = fc.constantFrom(
  'log_history',
  'global_step',
  'step',
  'epoch',
  'loss',
  'eval_loss',
  'eval_runtime',
  'train_runtime',
  'best_global_step',
  'best_model_checkpoint',
  'trial_params',
  'params',
  '__proto__',
);
const leaf = fc.oneof(
  fc.integer({ min: -1, max: 5 }),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
  fc.string(),
);
const row = fc.dictionary(names, leaf);
const state = fc.record({
  global_step: fc.oneof(fc.integer({ min: 0, max: 5 }), leaf),
  log_history: fc.oneof(fc.array(fc.oneof(row, leaf)), leaf),
  best_global_step: leaf,
  best_model_checkpoint: leaf,
  trial_params: fc.oneof(row, leaf),
});

function throwsOnlyTrailErrors(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(TrailError);
  }
}

it('throws nothing but a TrailError, whatever a file of a tracker holds', () => {
  const text = fc.oneof(
    fc.oneof(state, row, fc.jsonValue()).map((value) => JSON.stringify(value)),
    fc.string(),
    fc
      .array(fc.constantFrom('step,', 'loss,', 'epoch', '\n', '1', ',', 'nan', '"'), { maxLength: 30 })
      .map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, (some) => {
      throwsOnlyTrailErrors(() => parseTrainerState('trainer_state.json', some));
      throwsOnlyTrailErrors(() => parseTrainerResults('eval_results.json', some));
      throwsOnlyTrailErrors(() => parseParams('hparams.yaml', some));
      throwsOnlyTrailErrors(() => atStep('metrics.csv', some, { step: 1, isEvaluated: true }));
    }),
    { numRuns: 1000 },
  );
});

it('takes of the log of the Trainer no row of a later step, and no evaluation of another one', () => {
  const logged = fc.array(
    fc.record({ step: fc.integer({ min: 0, max: 6 }), isEvaluation: fc.boolean(), value: fc.integer() }),
  );
  fc.assert(
    fc.property(logged, fc.integer({ min: 0, max: 6 }), (rows, last) => {
      const log = rows
        .toSorted((a, b) => a.step - b.step)
        .map(({ step, isEvaluation, value }) => ({ step, [isEvaluation ? 'eval_loss' : 'loss']: value }));
      const text = JSON.stringify({ log_history: log, global_step: last });
      const { metrics } = parseTrainerState('trainer_state.json', text);
      expect(metrics).toEqual({
        loss: log.findLast((one) => 'loss' in one && one.step <= last)?.['loss'],
        eval_loss: log.findLast((one) => 'eval_loss' in one && one.step === last)?.['eval_loss'],
      });
    }),
  );
});

it('reads a log of the Trainer as long as it may be', () => {
  const line = '{"epoch": 1.0, "loss": NaN, "learning_rate": 1e-05, "step": 1}, ';
  const log = line.repeat(Math.floor(maxLogBytes / line.length) - 10);
  const text = `{"log_history": [${log} {"loss": 0.5, "step": 1}], "global_step": 1}`;
  expect(parseTrainerState('trainer_state.json', text).metrics).toEqual({ loss: 0.5, learning_rate: 1e-5 });
});

it('takes of the log of Lightning what is of the training up to a step, and everything else of that step alone', () => {
  const csv =
    'epoch,step,train_loss,lr-SGD,val_loss,acc,test_acc\n0,0,0.9,0.1,,\n0,1,0.8,,,\n0,1,,,0.5,0.7,0.9\n0,3,0.6,,0.4,\n';
  const at = (step: number, isEvaluated = true): unknown =>
    atStep('metrics.csv', csv, { step, isEvaluated })?.metrics;
  expect(at(0)).toEqual({ train_loss: 0.9, 'lr-SGD': 0.1 });
  expect(at(1)).toEqual({ train_loss: 0.8, 'lr-SGD': 0.1, val_loss: 0.5, acc: 0.7 });
  expect(at(1, false)).toEqual({ train_loss: 0.8, 'lr-SGD': 0.1 });
  expect(at(2)).toEqual({ train_loss: 0.8, 'lr-SGD': 0.1 });
  expect(at(4)).toBeUndefined();
});

// As Lightning 2.6.6 writes it with self.log('x', ..., on_step=True) in validation_step, and LearningRateMonitor and DeviceStatsMonitor.
it('is not led astray by rows of the log of Lightning that count the batches of a validation, or what the machine does', () => {
  const csv = [
    'epoch,lr-SGD,step,train_loss,val_loss,x_epoch,x_step,DeviceStatsMonitor.on_validation_batch_end/cpu_percent',
    ',0.1,2,,,,,',
    '0,,2,0.05,,,,',
    ',0.1,3,,,,,',
    '0,,3,0.03,,,,',
    ...[0, 1, 2, 3].flatMap((batch) => [`,,${batch},,,,0.${batch},`, `,,3,,,,,${batch}.0`]),
    '0,,3,,0.09,0.15,,',
    ',0.01,4,,,,,',
    '1,,4,0.02,,,,\n',
  ].join('\n');
  expect(atStep('metrics.csv', csv, { step: 3, isEvaluated: true })).toMatchObject({
    metrics: { train_loss: 0.03, 'lr-SGD': 0.1, val_loss: 0.09, x_epoch: 0.15 },
    params: { epoch: 0 },
  });
});
