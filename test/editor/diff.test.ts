import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { tinySafetensors } from '../harness/testRepository.ts';
import {
  answering,
  closeEditors,
  fileUri,
  model,
  run,
  until,
  versionRow,
  versionRows,
  workingRow,
} from './support.ts';

/** The label of the Diff panel, once it has one that says what is compared. */
async function activePanel(): Promise<string> {
  return until(async () => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    if (!(tab?.input instanceof vscode.TabInputWebview) || !tab.input.viewType.endsWith('modeltrail.diff'))
      return false;
    return tab.label.includes('↔') && tab.label;
  }, 'a diff panel');
}

async function textDiff(): Promise<{ label: string; input: vscode.TabInputTextDiff }> {
  await run('openDiffAsText');
  return until(async () => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    return tab?.input instanceof vscode.TabInputTextDiff && { label: tab.label, input: tab.input };
  }, 'a text diff');
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

describe('Differences', () => {
  afterEach(closeEditors);

  it('opens a panel for two versions, the older first, and one only', async () => {
    const all = await versionRows();
    const [newer, older] = [await versionRow('v1'), all.at(-1)];
    assert.ok(older);
    await run('diffVersions', newer.node, [newer.node, older.node]);
    const label = await activePanel();
    assert.equal(label, `tiny.safetensors: ${older.label.slice(0, 7)} ↔ v1`);
    await run('diffVersions', newer.node, [newer.node, older.node]);
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 1);
  });

  it('asks from the palette which two', async () => {
    const oldest = (await versionRows()).at(-1);
    const picks = [model, 'v1', oldest?.label.slice(0, 7) ?? ''];
    const { questions } = await answering({ picks }, () => run('diffVersions'));
    assert.deepEqual(questions.slice(-2), [
      `Choose a version of ${model}`,
      'Choose the version to compare v1 with',
    ]);
    assert.match(await activePanel(), /^tiny\.safetensors: [0-9a-f]{7} ↔ v1$/);
  });

  it('opens the manifests of what the panel compares side by side', async () => {
    const [newer, older] = [await versionRow('v1'), (await versionRows()).at(-1)];
    assert.ok(older);
    await run('diffVersions', newer.node, [newer.node, older.node]);
    const panel = await activePanel();
    const { label, input } = await textDiff();
    assert.equal(label, panel);
    const [left, right] = [await textOf(input.original), await textOf(input.modified)];
    assert.match(left, new RegExp(older.node.version.id));
    assert.match(right, new RegExp(newer.node.version.id));
    assert.match(right, /w: F32 \[4\]/);
  });

  it('compares with the working copy, and follows it', async () => {
    const oldest = (await versionRows()).at(-1);
    await run('diffWithWorkingCopy', oldest?.node);
    assert.match(await activePanel(), /^tiny\.safetensors: [0-9a-f]{7} ↔ working copy$/);
    const { input } = await textDiff();
    const document = await vscode.workspace.openTextDocument(input.modified);
    assert.match(document.getText(), /w: F32 \[4\]/);

    const changed = new Promise<string>((resolve) => {
      const listener = vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document.uri.toString() !== input.modified.toString()) return;
        listener.dispose();
        resolve(event.document.getText());
      });
    });
    await writeFile(fileUri(model).fsPath, tinySafetensors([5, 6, 7, 8, 9]));
    assert.match(await changed, /w: F32 \[5\]/);
    await writeFile(fileUri(model).fsPath, tinySafetensors([5, 6, 7, 8]));
    await until(async () => (await workingRow()).description.startsWith('same as v1'), 'the file as it was');
  });

  it('compares a file with its newest version without asking for one', async () => {
    const said = await answering({}, async () => run('diffWithNewestVersion', (await workingRow()).node));
    assert.deepEqual([said.questions, said.errors], [[], []]);
    assert.equal(await activePanel(), 'tiny.safetensors: v1 ↔ working copy');
  });

  it('has nothing to compare with where the file is missing, and offers to put a version there', async () => {
    const content = await readFile(fileUri(model).fsPath);
    await rm(fileUri(model).fsPath);
    await until(async () => (await workingRow()).description.startsWith('missing'), 'no file');
    const said = await answering({ picks: [model, 'v1'], buttons: ['Roll Back...'] }, () =>
      run('diffWithWorkingCopy'),
    );
    assert.match(
      said.messages.join(),
      /^models\/tiny\.safetensors is not there, so there is nothing to compare with\.$/,
    );
    assert.match(said.modals.join(), /^Put tiny\.safetensors back as v1/);
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 0);
    await writeFile(fileUri(model).fsPath, content);
    await until(async () => (await workingRow()).description.startsWith('same as v1'), 'the file as it was');
  });

  it('says true sizes, and that nothing can be written', async () => {
    const { node } = await versionRow('v1');
    await run('openManifest', node);
    const uri = vscode.window.activeTextEditor?.document.uri;
    assert.equal(uri?.scheme, 'modeltrail');
    const stat = await vscode.workspace.fs.stat(uri);
    const bytes = await vscode.workspace.fs.readFile(uri);
    assert.equal(stat.size, bytes.length);
    assert.equal(stat.mtime, Date.parse(node.version.time));
    assert.equal(vscode.workspace.fs.isWritableFileSystem('modeltrail'), false);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, new Uint8Array()));
  });

  it('says why there is no text of a version, and not where it would be', async () => {
    const { node } = await versionRow('v1');
    const lost = { ...node, version: { ...node.version, id: 'f'.repeat(64) } };
    const said = await answering({}, () => run('openManifest', lost));
    assert.match(said.errors.join(), /fffffff/);
    assert.doesNotMatch(said.errors.join(), /modeltrail:|FileSystemError/);
  });

  it('serves nothing outside the workspace', async () => {
    const query = new URLSearchParams({ root: '/etc', model: 'passwd' }).toString();
    const uri = vscode.Uri.from({ scheme: 'modeltrail', path: '/passwd.manifest.txt', query });
    await assert.rejects(
      async () => vscode.workspace.fs.readFile(uri),
      (error) => error instanceof vscode.FileSystemError && error.code === 'FileNotFound',
    );
  });
});
