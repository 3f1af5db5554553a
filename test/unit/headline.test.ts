import { expect, it } from 'vitest';
import { headline } from '../../src/editor/headline.ts';

it.each([
  ['the first of which more is better', ['loss', 'f1', 'accuracy'], 'f1'],
  ['else the first of which less is', ['grad_norm', 'loss'], 'loss'],
  ['what was evaluated, as of Keras', ['accuracy', 'loss', 'val_accuracy', 'val_loss'], 'val_accuracy'],
  ['not that of the training, as of Lightning', ['train_loss_step', 'train_acc', 'val_loss'], 'val_loss'],
  ['as of the Trainer', ['grad_norm', 'loss', 'eval_loss', 'eval_accuracy'], 'eval_accuracy'],
  ['that of the training where there is no other', ['lr', 'train_loss'], 'train_loss'],
  ['anything where nothing is known of it', ['spam', 'eggs'], 'spam'],
])('the metric that stands for a version is %s', (_, names, expected) => {
  const metrics = Object.fromEntries(names.map((name) => [name, 0.5]));
  expect(headline(metrics, undefined)?.name).toBe(expected);
});
