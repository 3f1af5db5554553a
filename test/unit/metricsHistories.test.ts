import { describe, expect, it } from 'vitest';
import { parseMetrics } from '../../src/metrics/metricsFile.ts';

describe('a list in a metrics file', () => {
  it.each([
    ['Keras', '{"loss": [2, 1], "f1": [0.5, 0.6], "lr": [0.1, 0.01]}', { loss: 1, f1: 0.6, lr: 0.01 }],
    ['Keras without loss', '{"acc": [0.5, 0.6], "val_acc": [0.4, 0.5]}', { acc: 0.6, val_acc: 0.5 }],
    ['steps', '{"epoch": [1, 2], "eval/f1": [0.5, 0.6]}', { epoch: 2, 'eval/f1': 0.6 }],
    [
      'PyTorch loops',
      '{"train_losses": [2, 1], "acc_history": [0.5]}',
      { train_losses: 1, acc_history: 0.5 },
    ],
    ['XGBoost', '{"validation_0": {"rmse": [2, 1]}}', { 'validation_0.rmse': 1 }],
    [
      'LightGBM',
      '{"training": {"l2": [2, 1]}, "valid_0": {"l2": [3, 2]}}',
      { 'training.l2': 1, 'valid_0.l2': 2 },
    ],
    ['CatBoost', '{"learn": {"AUC": [0.5, 0.6]}}', { 'learn.AUC': 0.6 }],
    ['an object', '{"history": {"train": {"acc": [0.5, 0.6]}}}', { 'history.train.acc': 0.6 }],
    [
      'steps that are named',
      '{"acc_per_epoch": [0.5, 0.6], "loss_by_step": [2, 1]}',
      { acc_per_epoch: 0.6, loss_by_step: 1 },
    ],
  ])('knows the histories of %s', (_what, text, metrics) => {
    expect(parseMetrics('metrics.json', text)).toEqual({ metrics, params: {} });
  });

  it.each([
    ['classes', '{"f1_per_class": [0.95, 0.91, 0.12], "hidden_sizes": [512, 256, 64], "f1": 0.8}'],
    ['classes, without a word of it', '{"precision": [0.9, 0.8], "recall": [0.7, 0.6], "f1": 0.8}'],
    [
      'as many classes as epochs',
      '{"history": {"f1_per_class": [0.95, 0.12], "loss_classwise": [1, 2]}, "f1": 0.8}',
    ],
    ['a curve', '{"fpr": [0, 0.5, 1], "tpr": [0, 0.9, 1], "thresholds": [2, 1, 0], "f1": 0.8}'],
    ['folds', '{"test_score": [0.5, 0.6], "fit_time": [1, 2], "cv_loss": [1, 2], "f1": 0.8}'],
  ])('takes no last value of %s', (_what, text) => {
    expect(parseMetrics('metrics.json', text)).toEqual({ metrics: { f1: 0.8 }, params: {} });
  });
});
