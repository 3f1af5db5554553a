import { expect, test } from 'vitest';
import { compareSnapshot, keyOf } from '../../src/editor/panels/compareSnapshot.ts';
import { shortNames } from '../../src/webview/compare/shortNames.ts';
import { version } from '../screens/compareVersions.ts';

/** Of the first version of each model. */
function namesOf(...models: readonly string[]): readonly string[] {
  const versions = models.map((model) => version(1, { model }));
  return shortNames(compareSnapshot(versions.map(keyOf), versions));
}

test.each([
  ['checkpoints are told apart', ['epoch_001.pt', 'epoch_002.pt', 'epoch_010.pt'], ['001', '002', '010']],
  ['what is shared behind is left out', ['adam-run.onnx', 'sgd-run.onnx'], ['adam', 'sgd']],
  ['so are folders', ['runs/1/model.pt', 'runs/2/model.pt'], ['1', '2']],
  ['endings go where they tell nothing', ['churn.onnx', 'spam.safetensors'], ['churn', 'spam']],
  ['and stay where only they do', ['net.onnx', 'net.pt'], ['onnx', 'pt']],
  ['a number behind a point is no ending', ['bert-v1.5', 'bert-v1.6'], ['v1.5', 'v1.6']],
  ['nothing is left without a name', ['model.pt', 'model_v2.pt'], ['model', 'model_v2']],
  ['words stay whole', ['step100.ckpt', 'step150.ckpt'], ['step100', 'step150']],
  ['long ones are cut', ['distilbert-base-uncased.pt', 'gpt2.pt'], ['distilbert-base…', 'gpt2']],
])('in the names of models %s', (_, models, names) => {
  expect(namesOf(...models)).toEqual(names);
});

test('where a model has several versions, the version stands behind its name', () => {
  const versions = [
    version(1, { model: 'a.pt' }),
    version(2, { model: 'b.pt' }),
    version(3, { model: 'b.pt' }),
  ];
  expect(shortNames(compareSnapshot(versions.map(keyOf), versions))).toEqual(['a v1', 'b v2', 'b v3']);
});

test('models stand in the order of their numbers, as in the list', () => {
  const versions = ['checkpoint-1000', 'checkpoint-500'].map((model) => version(1, { model }));
  const { models } = compareSnapshot(versions.map(keyOf), versions);
  expect(models.map(({ label }) => label)).toEqual(['checkpoint-500', 'checkpoint-1000']);
});

test('versions of one model have their own names', () => {
  const versions = [version(1), version(2)];
  expect(shortNames(compareSnapshot(versions.map(keyOf), versions))).toEqual(['v1', 'v2']);
});
