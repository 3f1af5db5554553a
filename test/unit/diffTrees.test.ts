import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { diffModels } from '../../src/diff/diffModels.ts';
import { sideOfBytes } from '../support/modelSides.ts';

const fixture = (name: string): Buffer => readFileSync(path.join('test/fixtures', name));

async function diffOf(nameA: string, a: Uint8Array, nameB: string, b: Uint8Array) {
  return diffModels(await sideOfBytes(nameA, a), await sideOfBytes(nameB, b), unattended);
}

interface XgboostModel {
  learner: { gradient_booster: { model: { trees: { split_conditions: number[] }[] } } };
}

it('one threshold or leaf that differs makes a tree differ, of XGBoost', async () => {
  const bytes = fixture('formats/trees.json');
  const model = JSON.parse(bytes.toString()) as XgboostModel;
  const same = await diffOf('a.json', bytes, 'b.json', Buffer.from(JSON.stringify(model)));
  expect(same.trees).toMatchObject({ comparedBy: 'content' });
  expect(same.trees?.firstDifferent).toBeUndefined();
  expect(same.verdict.text).toContain('all 3 trees are unchanged');
  for (const node of [0, -1]) {
    const changed = structuredClone(model);
    const { split_conditions: conditions } = changed.learner.gradient_booster.model.trees[1]!;
    conditions.splice(node, 1, conditions.at(node)! + 0.25);
    const { trees, verdict } = await diffOf('a.json', bytes, 'b.json', Buffer.from(JSON.stringify(changed)));
    expect(trees).toMatchObject({ comparedBy: 'content', firstDifferent: 1 });
    expect(verdict.text).toContain('the trees differ from tree 1 on');
  }
});

it('JSON and binary JSON of one XGBoost model hold the same trees', async () => {
  const [a, b] = [fixture('readers/xgboost-binary.json'), fixture('readers/xgboost-binary.ubj')];
  const { trees } = await diffOf('a.json', a, 'b.ubj', b);
  expect(trees).toMatchObject({ comparedBy: 'content' });
  expect(trees?.firstDifferent).toBeUndefined();
});

it('one leaf that differs makes a tree differ, of LightGBM', async () => {
  const text = fixture('readers/lightgbm-binary.lgb').toString();
  const changed = text.replace(/^leaf_value=\S+/m, 'leaf_value=0.125');
  const { trees } = await diffOf('a.lgb', Buffer.from(text), 'b.lgb', Buffer.from(changed));
  expect(trees).toMatchObject({ comparedBy: 'content', firstDifferent: 0 });
});

it('trees of scikit-learn are compared by what they decide', async () => {
  const bytes = fixture('pickles/forest.joblib');
  const { trees } = await diffOf('a.joblib', bytes, 'b.joblib', Buffer.concat([bytes, Buffer.alloc(1)]));
  expect(trees).toMatchObject({ comparedBy: 'content' });
  expect(trees?.firstDifferent).toBeUndefined();
});

it('of trees whose splits cannot be told only the sizes are compared, which is said', async () => {
  const bytes = fixture('readers/catboost-symmetric.cbm');
  const { trees, verdict } = await diffOf('a.cbm', bytes, 'b.cbm', Buffer.concat([bytes, Buffer.alloc(1)]));
  expect(trees).toMatchObject({ comparedBy: 'size' });
  expect(verdict.text).toMatch(/all \d+ trees have the same size/);
});
