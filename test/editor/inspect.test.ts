import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { tinySafetensors } from '../harness/testRepository.ts';
import { answering, closeEditors, fileUri, model, modelRow, run, until, versionRows } from './support.ts';

function inspected(what: string): Promise<vscode.TabInputCustom> {
  return until(async () => {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputCustom && input.viewType.startsWith('modeltrail.') && input;
  }, what);
}

describe('The inspect editor', () => {
  let outside: string;

  before(async () => {
    outside = await mkdtemp(path.join(tmpdir(), 'mt-outside-'));
  });
  after(() => rm(outside, { recursive: true, force: true, maxRetries: 5 }));
  afterEach(closeEditors);

  it('is what opens a .safetensors file', async () => {
    await vscode.commands.executeCommand('vscode.open', fileUri(model));
    const input = await inspected('a model, opened');
    assert.equal(input.viewType, 'modeltrail.inspect');
    assert.equal(input.uri.fsPath, fileUri(model).fsPath);
  });

  it('leaves the formats of others to their editors, until it is asked for', async () => {
    const file = vscode.Uri.file(path.join(outside, 'forest.skops'));
    await writeFile(file.fsPath, 'not a model');
    await vscode.commands.executeCommand('vscode.open', file);
    assert.ok(!(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom));
    await run('showModel', file);
    assert.equal((await inspected('a file, asked for')).viewType, 'modeltrail.inspectOther');
  });

  it('opens from a row, a version, the palette, and by the names that links use', async () => {
    const versions = await versionRows();
    const ways: (() => PromiseLike<unknown>)[] = [
      async () => run('showModel', (await modelRow()).node),
      () => run('showModel', versions.at(-1)?.node),
      () => answering({ picks: [model] }, () => run('showModel')),
      () => run('showModel', { model, version: 'HEAD~1' }),
    ];
    for (const way of ways) {
      await closeEditors();
      await way();
      assert.equal((await inspected('a model')).uri.fsPath, fileUri(model).fsPath);
    }
  });

  it('says when what a link names is not there', async () => {
    const said = await answering({}, () => run('showModel', { model: 'models/none.onnx' }));
    assert.deepEqual(said.errors, ['There is no model models/none.onnx here.']);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab, undefined);
  });

  it('opens a file outside every folder, and writes nothing beside it', async () => {
    const file = vscode.Uri.file(path.join(outside, 'other.safetensors'));
    await writeFile(file.fsPath, tinySafetensors([1, 2, 3]));
    const before = await readdir(outside);
    await run('showModel', file);
    assert.equal((await inspected('a file outside')).uri.fsPath, file.fsPath);
    assert.deepEqual(await readdir(outside), before);
  });
});
