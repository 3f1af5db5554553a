import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type * as vscode from 'vscode';
import type { ModelNode, Node, SeriesNode } from '../../src/editor/nodes.ts';
import { tinySafetensors } from '../harness/testRepository.ts';
import { addFolder, removeFurtherFolders } from './folders.ts';
import { answering, extension, type Row, rows, run, until } from './support.ts';

describe('A series of models', () => {
  let folder: string;
  let listener: vscode.Disposable;
  /** Kinds of the rows that the editor was told to ask for; `all` for the whole tree. */
  const asked: string[] = [];

  const fileOf = (epoch: number): string => path.join(folder, `epoch_${epoch}.safetensors`);
  const nameOf = ({ label }: Row<unknown>): string => label;
  const folderRow = async () => (await rows()).find(({ label }) => label === 'run')?.node;

  async function seriesRow(): Promise<Row<SeriesNode>> {
    const found = (await rows(await folderRow())).find(({ node }) => node.kind === 'series');
    assert.ok(found, 'there is no series');
    return found as Row<SeriesNode>;
  }

  const untilSaid = (description: RegExp): Promise<Row<SeriesNode>> =>
    until(async () => {
      const row = await seriesRow();
      return description.test(row.description) && row;
    }, String(description));

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mt-series-'));
    await writeFile(path.join(folder, 'best.safetensors'), tinySafetensors([0]));
    for (const epoch of [1, 2, 3, 8, 9, 10]) {
      await writeFile(fileOf(epoch), tinySafetensors([epoch]));
      const time = Date.now() / 1000 - 3600 * (epoch === 10 ? 2.5 : 5.5);
      await utimes(fileOf(epoch), time, time);
    }
    await addFolder(folder, 'run');
    const { models } = await extension();
    listener = models.onDidChangeTreeData((nodes: readonly Node[] | undefined) => {
      asked.push(...(nodes?.map(({ kind }) => kind) ?? ['all']));
    });
  });

  after(async () => {
    listener.dispose();
    await run('clearFilter');
    await removeFurtherFolders();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('is one row below its folder, with its models below it, the highest number first', async () => {
    const series = await untilSaid(/^6 not recorded · 6 models · newest epoch_10, 2h ago · \*\.safetensors$/);
    assert.equal(series.label, 'epoch_{1…10}');
    const siblings = await rows(await folderRow());
    assert.deepEqual(siblings.map(nameOf), ['best.safetensors', series.label]);
    assert.equal(
      series.item.accessibilityInformation?.label,
      'Series epoch_{1…10}.safetensors, 6 models, 6 not recorded, newest epoch_10, 2 hours ago',
    );
    const children = await rows(series.node);
    assert.deepEqual(
      children.map(nameOf),
      [10, 9, 8, 3, 2, 1].map((epoch) => `epoch_${epoch}.safetensors`),
    );
    const { models } = await extension();
    for (const { node } of children) assert.equal(models.getParent(node), series.node);
    assert.equal(models.getParent(series.node), await folderRow());
    const { tooltip } = await models.resolveTreeItem(series.item, series.node);
    assert.match((tooltip as vscode.MarkdownString).value, /\| Working copies \| 6 not recorded \|/);
  });

  it('is recorded as one piece of work: those of its models that are no version', async () => {
    const record = async (): Promise<string> => {
      const said = await answering({ inputs: ['Whole run'] }, async () =>
        run('recordVersion', (await seriesRow()).node),
      );
      assert.deepEqual(said.errors, []);
      return [...said.questions, ...said.messages].join(' | ');
    };
    assert.equal(
      await record(),
      'Record a version of 6 models | Recorded 6 models. No metrics files were found.',
    );
    const recorded = await untilSaid(/^6 models · /);
    assert.equal(recorded.item.contextValue, 'series');
    await writeFile(fileOf(2), tinySafetensors([2, 2]));
    const changed = await untilSaid(/^1 changed · 6 models · newest epoch_2, just now · /);
    assert.equal(changed.item.contextValue, 'series changed');
    assert.equal(changed.item.resourceUri?.path, '/some/changed');
    assert.match(await record(), /Recorded epoch_2\.safetensors as v2\./);
    await untilSaid(/^6 models · /);
  });

  it('says no more than why where there are metrics that cannot be used', async () => {
    const metrics = path.join(path.dirname(fileOf(1)), 'metrics.json');
    await writeFile(metrics, '{');
    for (const epoch of [1, 3]) await writeFile(fileOf(epoch), tinySafetensors([epoch, epoch]));
    await untilSaid(/^2 changed · /);
    const said = await answering({ inputs: [''] }, async () =>
      run('recordVersion', (await seriesRow()).node),
    );
    await rm(metrics);
    assert.match(said.messages.join(), /There is one more problem\./);
    assert.match(
      said.messages.join(),
      /Recorded epoch_1\.safetensors as v2 and epoch_3\.safetensors as v2\.$/,
    );
    await untilSaid(/^6 models · /);
  });

  it('stays the same row when a model comes, and no other row is made anew', async () => {
    const before = await seriesRow();
    asked.splice(0);
    await writeFile(fileOf(11), tinySafetensors([11]));
    const after = await untilSaid(/^1 not recorded · 7 models/);
    assert.equal(after.label, 'epoch_{1…11}');
    assert.deepEqual([after.node, after.item.id], [before.node, before.item.id]);
    await until(async () => asked.includes('series'), 'the series is asked for');
    assert.deepEqual([...new Set(asked)], ['series']);
    assert.equal((await rows(after.node))[0]?.label, 'epoch_11.safetensors');
  });

  it('has no more than a filter leaves, and says so', async () => {
    await answering({ inputs: ['model:epoch_1'] }, () => run('filterVersions'));
    const series = await untilSaid(/^2 of 7 models · /);
    assert.equal(series.label, 'epoch_{1…11}');
    const found = (await rows(series.node)) as Row<ModelNode>[];
    assert.deepEqual(found.map(nameOf), ['epoch_10.safetensors', 'epoch_1.safetensors']);
    assert.match(found[0]?.description ?? '', /one version/);
    await answering({ inputs: ['model:best'] }, () => run('filterVersions'));
    await until(async () => (await rows()).length === 0, 'no row');
  });

  it('is opened by whoever goes to a version of one of its models', async () => {
    const { models } = await extension();
    await answering({}, () => run('goToVersion', { model: 'epoch_9.safetensors', version: 'v1' }));
    await until(async () => {
      const [selected] = models.selection;
      return selected?.kind === 'version' && selected.parent.path === 'epoch_9.safetensors';
    }, 'the version is selected');
  });

  it('is there from the sixth model on, and as long as there are so many', async () => {
    const stepOf = (step: number): string => path.join(folder, `step_${step}.safetensors`);
    const steps = async (): Promise<string[]> =>
      (await rows(await folderRow())).map(nameOf).filter((name) => name.startsWith('step'));
    for (const step of [1, 2, 3, 4, 5]) await writeFile(stepOf(step), tinySafetensors([step, step]));
    await until(async () => (await steps()).length === 5, 'five rows');
    await writeFile(stepOf(60), tinySafetensors([60, 60]));
    await until(async () => (await steps()).join() === 'step_{1…60}', 'one row');
    await rm(stepOf(3));
    await until(async () => (await steps()).length === 5, 'five rows again');
    const { models } = await extension();
    for (const { node } of await rows(await folderRow())) {
      if (node.kind === 'model') assert.equal(models.getParent(node), await folderRow());
    }
  });
});
