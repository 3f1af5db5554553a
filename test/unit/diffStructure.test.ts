import { describe, expect, it } from 'vitest';
import { diffFixtures } from '../support/modelSides.ts';

describe('a graph', () => {
  it('tells what was inserted, set differently, and given another interface', async () => {
    const { graph, verdict } = await diffFixtures('diff/network.onnx', 'diff/network-changed.onnx');
    expect(graph).toMatchObject({
      signature: 'compatible',
      inputs: [{ name: 'x', status: 'changed', a: 'F32[1, 16]', b: 'F32[batch, 16]', breaking: false }],
      outputs: [{ name: 'y', status: 'changed', breaking: false }],
      opsets: [{ name: 'ai.onnx', a: 17, b: 18 }],
    });
    expect(graph?.operators).toContainEqual({ op: 'Relu', a: 0, b: 1 });
    expect(graph?.nodes).toMatchObject({ a: 4, b: 5, same: 2 });
    expect(graph?.nodes.changes).toMatchObject([
      { status: 'changed', matchedBy: 'name', rewired: false, b: { name: 'activation' } },
      { status: 'added', b: { op: 'Relu', name: 'added' } },
      { status: 'changed', matchedBy: 'name', rewired: true, attributes: [], b: { name: 'last' } },
    ]);
    expect(graph?.nodes.changes[0]?.attributes).toMatchObject([{ name: 'alpha' }]);
    expect(verdict).toMatchObject({ architecture: 'different', signature: 'compatible', alarms: [] });
  });

  it('breaks its callers where it takes less than before', async () => {
    const { graph, verdict } = await diffFixtures('diff/network.onnx', 'diff/network-batch.onnx');
    expect(graph?.signature).toBe('breaking');
    expect(verdict.alarms).toMatchObject([{ kind: 'signatureBroken' }]);
    expect(verdict.text).toContain('inputs or outputs changed in a breaking way');
    const widened = await diffFixtures('diff/network-changed.onnx', 'diff/network-batch.onnx');
    expect(widened.graph?.signature).toBe('breaking');
  });

  it('is the same when an exporter gave everything inside another name', async () => {
    const { graph, verdict, tensors } = await diffFixtures('diff/network.onnx', 'diff/network-renamed.onnx');
    expect(graph).toMatchObject({ signature: 'same', opsets: [], nodes: { same: 4, changes: [] } });
    expect(tensors).toMatchObject({ same: 2, renamed: 2 });
    expect(verdict.architecture).toBe('same');
  });
});

describe('settings', () => {
  it('of a pipeline are told one by one', async () => {
    const diff = await diffFixtures('diff/weak.joblib', 'diff/strong.joblib');
    expect(diff.hyperparameters).toContainEqual({ name: 'logisticregression__C', a: 0.1, b: 1 });
    expect(diff.verdict).toMatchObject({
      architecture: 'same',
      changedHyperparameters: diff.hyperparameters.length,
    });
    expect(diff.tensors.changed).toBeGreaterThan(0);
  });

  it('of the same kind are no change in another compression', async () => {
    const diff = await diffFixtures('formats/pipeline.joblib', 'formats/pipeline-zlib.joblib');
    expect(diff.hyperparameters).toEqual([]);
    expect(diff.tensors).toMatchObject({ changed: 0, added: 0, removed: 0 });
  });
});

describe('an ensemble of trees', () => {
  it('is told by its trees and the importance of features', async () => {
    const { trees, verdict } = await diffFixtures('readers/xgboost-binary.ubj', 'readers/xgboost-stumps.ubj');
    expect(trees?.a.trees).toBeGreaterThan(0);
    expect(trees?.a.depth).toBeGreaterThan(trees?.b.depth ?? NaN);
    expect(trees?.firstDifferent).toBe(0);
    const shares = trees?.importance.map(({ b }) => b?.splits ?? 0) ?? [];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-12);
    expect(verdict.text).toMatch(/trees/);
  });

  it('is the same in JSON and in binary JSON', async () => {
    const diff = await diffFixtures('readers/xgboost-binary.ubj', 'readers/xgboost-binary.json');
    expect(diff.trees).toMatchObject({ importance: [], featuresAdded: [], featuresRemoved: [] });
    expect(diff.trees?.firstDifferent).toBeUndefined();
    expect(diff.verdict.architecture).toBe('same');
  });
});
