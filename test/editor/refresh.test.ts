import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Node } from '../../src/editor/nodes.ts';
import { tinySafetensors } from '../harness/testRepository.ts';
import {
  activityRows,
  extension,
  fileUri,
  model,
  modelRow,
  rows,
  run,
  until,
  versionRow,
} from './support.ts';

describe('What the models view makes anew', () => {
  const second = fileUri('models', 'second.safetensors').fsPath;
  /** Rows that the editor was told to ask for; `all` for the whole tree. */
  const asked: (string | 'all')[] = [];
  let listener: vscode.Disposable;

  before(async () => {
    await writeFile(second, tinySafetensors([1]));
    await until(() => modelRow('second.safetensors'), 'the second model');
    for (const row of await rows()) await rows(row.node);
    const { models } = await extension();
    listener = models.onDidChangeTreeData((nodes: readonly Node[] | undefined) => {
      asked.push(...(nodes?.map((node) => (node.kind === 'model' ? node.path : node.kind)) ?? ['all']));
    });
  });
  beforeEach(() => asked.splice(0));
  after(async () => {
    listener.dispose();
    await rm(second);
    await until(async () => (await rows()).length === 1, 'one model again');
  });

  it('is the model that changed, and no other row', async () => {
    const { trail } = (await modelRow()).node;
    const version = (await versionRow('v1')).node.version.id;
    // The editor may just be asking for all rows, because of the second model, and then knows of a change before it is told.
    for (let turn = 1; turn <= 5 && asked.length === 0; turn++) {
      const told = nextActivity();
      await trail.api.note({ model, version }, `Only this row ${turn}`);
      await told;
    }
    await until(async () => asked.length > 0, 'rows are asked for');
    assert.deepEqual([...new Set(asked)], [model]);
  });

  it('is not the whole tree when it is looked at again', async () => {
    await run('refresh');
    await run('refresh');
    // A row that says how long ago something was may have become a minute older.
    assert.ok(!asked.includes('all'));
  });

  it('keeps the row of a model the same while what it says changes', async () => {
    const before = (await modelRow('second.safetensors')).node;
    await writeFile(second, tinySafetensors([1, 2]));
    await until(async () => asked.includes('models/second.safetensors'), 'the second model is asked for');
    const after = (await modelRow('second.safetensors')).node;
    assert.equal(after, before);
    assert.equal(after.row.working.size, tinySafetensors([1, 2]).length);
  });

  it('is what says how long ago something was, when it is seen again after a while', async () => {
    const { activity } = await extension();
    let changes = 0;
    const listener = activity.onDidChangeTreeData(() => changes++);
    const show = async (): Promise<void> => {
      await vscode.commands.executeCommand('modeltrail.activity.focus');
      await vscode.commands.executeCommand('modeltrail.models.focus');
    };
    await show();
    await activityRows();
    await rows((await modelRow()).node);
    await vscode.commands.executeCommand('workbench.view.explorer');
    // Hours later. The clock itself stays: the editor would give up its connections.
    const { parse } = Date;
    Date.parse = (time) => parse(time) - 3 * 3_600_000;
    try {
      await show();
      await until(async () => asked.includes(model) && changes > 0, 'old rows are asked for');
    } finally {
      Date.parse = parse;
      listener.dispose();
    }
  });
});

async function nextActivity(): Promise<void> {
  const { activity } = await extension();
  await new Promise<void>((resolve) => {
    const listener = activity.onDidChangeTreeData(() => {
      listener.dispose();
      resolve();
    });
  });
}
