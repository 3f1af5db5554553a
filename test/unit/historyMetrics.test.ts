import { describe, expect, it } from 'vitest';
import { memoryHistoryCache } from '../../src/history/cache.ts';
import { gitVersions } from '../../src/history/lineage.ts';
import { find, ids, scan, sha256, TestRepo, versionsIn } from './historyRepo.ts';

const f1 = (value: number): string => JSON.stringify({ f1: value });

async function measured(repo: TestRepo, model: string): Promise<(number | undefined)[]> {
  return (await versionsIn(repo.folder, model)).map(({ metrics }) => metrics['f1']);
}

describe('the metrics of a version in Git', () => {
  it('are those that were committed while it was in place, not those of the version before', async () => {
    const repo = new TestRepo();
    repo.write('a.onnx', 'one');
    repo.put('metrics.json', f1(0.5));
    repo.put('a.onnx', 'two, not evaluated yet');
    repo.put('readme.md', 'x');
    repo.put('metrics.json', f1(0.9));
    repo.put('a.onnx', 'three, never evaluated');
    expect(await measured(repo, 'a.onnx')).toEqual([undefined, 0.9, 0.5]);
  });

  it('are those of the commit with the model, to which a later one adds and of which it replaces nothing', async () => {
    const repo = new TestRepo();
    repo.write('best.onnx', 'epoch 1');
    repo.put('metrics.json', '{"epoch": 1, "val_loss": 0.3, "params": {"lr": 0.1}}');
    repo.put('metrics.json', '{"epoch": 2, "val_loss": 1.7, "val_acc": 0.4, "params": {"lr": 0.1}}');
    repo.put('metrics.json', '{"epoch": 1, "val_loss": 0.3, "test_acc": 0.8, "params": {"lr": 0.1}}');
    repo.put('metrics.json', '{"params": {"lr": 0.2}}');
    const [version] = await versionsIn(repo.folder, 'best.onnx');
    expect(version).toMatchObject({ params: { lr: 0.1 } });
    expect(version?.metrics).toEqual({ epoch: 1, val_loss: 0.3, test_acc: 0.8 });
  });

  it('are those of the commit with the model also where a branch said something else of it before', async () => {
    const repo = new TestRepo();
    repo.put('a.onnx', 'base');
    repo.git('checkout', '--quiet', '-b', 'side');
    repo.put('a.onnx', 'trained');
    repo.put('a.metrics.json', f1(0.2));
    repo.git('checkout', '--quiet', 'main');
    repo.write('a.onnx', 'trained');
    repo.put('a.metrics.json', f1(0.9));
    expect(await measured(repo, 'a.onnx')).toEqual([0.9, undefined]);
  });

  it('are of the last one of a series that was committed with one file, and of all else that was', async () => {
    const repo = new TestRepo();
    const models = ['epoch_8.onnx', 'epoch_9.onnx', 'epoch_10.onnx', 'final.onnx', 'final.pt'];
    for (const model of models) repo.write(model, model);
    repo.put('metrics.json', f1(0.8));
    const found = await Promise.all(models.map((model) => measured(repo, model)));
    expect(found).toEqual([[undefined], [undefined], [0.8], [0.8], [0.8]]);
  });

  it('are found commit by commit, as they come', async () => {
    const repo = new TestRepo();
    const [git, cache] = [await find(repo.folder), memoryHistoryCache()];
    const newest = async (): Promise<unknown> => {
      await scan(git, cache);
      return gitVersions(cache.snapshot(), 'a.onnx').map(({ metrics }) => metrics['f1']);
    };
    repo.put('a.onnx', 'one');
    expect(await newest()).toEqual([undefined]);
    repo.put('metrics.json', f1(0.5));
    expect(await newest()).toEqual([0.5]);
    repo.put('a.onnx', 'two');
    expect(await newest()).toEqual([undefined, 0.5]);
    repo.git('rm', '--quiet', 'metrics.json');
    repo.commit('No metrics');
    expect(await newest()).toEqual([undefined, 0.5]);
    repo.put('a.onnx.metrics.json', f1(0.6));
    expect(await newest()).toEqual([0.6, 0.5]);
  });

  it('are those that were there before the first model', async () => {
    const repo = new TestRepo();
    repo.put('m/metrics.json', f1(0.5));
    repo.put('m/a.onnx', 'one');
    repo.put('m/b.onnx', 'another model');
    expect([await measured(repo, 'm/a.onnx'), await measured(repo, 'm/b.onnx')]).toEqual([
      [0.5],
      [undefined],
    ]);
  });

  it('are those of its own branch', async () => {
    const repo = new TestRepo();
    repo.put('a.onnx', 'base');
    repo.git('checkout', '--quiet', '-b', 'side');
    repo.put('a.onnx', 'side');
    repo.git('checkout', '--quiet', 'main');
    repo.put('metrics.json', f1(0.2));
    repo.git('checkout', '--quiet', 'side');
    repo.put('metrics.json', f1(0.7));
    repo.git('checkout', '--quiet', 'main');
    repo.git('merge', '--quiet', '--no-edit', '-X', 'theirs', 'side');
    repo.put('metrics.json', '{"auc": 0.8}');
    expect(await measured(repo, 'a.onnx')).toEqual([0.7, 0.2]);
    expect((await versionsIn(repo.folder, 'a.onnx')).map(({ metrics }) => metrics['auc'])).toEqual([
      0.8,
      undefined,
    ]);
  });

  it('are of the model that changed last, where several share a file', async () => {
    const repo = new TestRepo();
    repo.write('a.onnx', 'a1');
    repo.write('b.onnx', 'b1');
    repo.put('metrics.json', f1(0.1));
    repo.put('b.onnx', 'b2');
    repo.put('metrics.json', f1(0.2));
    repo.write('a.onnx', 'a2');
    repo.put('metrics.json', f1(0.3));
    expect([await measured(repo, 'a.onnx'), await measured(repo, 'b.onnx')]).toEqual([
      [0.3, 0.1],
      [0.2, 0.1],
    ]);
  });

  it('follow it when it is renamed', async () => {
    const repo = new TestRepo();
    repo.write('old.onnx', 'one');
    repo.put('old.metrics.json', f1(0.5));
    repo.git('mv', 'old.onnx', 'new.onnx');
    repo.git('mv', 'old.metrics.json', 'new.metrics.json');
    repo.commit('Rename');
    repo.put('new.onnx', 'two');
    repo.put('new.metrics.json', f1(0.6));
    expect(await measured(repo, 'new.onnx')).toEqual([0.6, 0.5]);
  });

  it('are of the model directory that they are in, and not of a checkpoint in it', async () => {
    const repo = new TestRepo();
    for (const folder of ['out', 'out/checkpoint-10']) {
      repo.write(`${folder}/config.json`, '{}');
      repo.write(`${folder}/model.safetensors`, folder);
    }
    repo.put('out/metrics.json', f1(0.77));
    expect([await measured(repo, 'out'), await measured(repo, 'out/checkpoint-10')]).toEqual([
      [0.77],
      [undefined],
    ]);
    repo.put('out/checkpoint-10/metrics.json', f1(0.31));
    expect(await measured(repo, 'out/checkpoint-10')).toEqual([0.31, undefined]);
    repo.put('out/model.safetensors', 'trained on');
    expect(await measured(repo, 'out')).toEqual([undefined, 0.77]);
  });

  it('are none of a model for a file that no model is beside', async () => {
    const repo = new TestRepo();
    repo.put('runs/metrics.json', f1(0.5));
    repo.put('a.onnx', 'one');
    const versions = await versionsIn(repo.folder, 'a.onnx');
    expect(ids(versions)).toEqual([sha256('one')]);
    expect(versions[0]?.metrics).toEqual({});
  });
});
