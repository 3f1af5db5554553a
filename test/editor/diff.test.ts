import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { tinySafetensors } from '../harness/testRepository.ts';
import { closeEditors, fileUri, model, run, until, versionRow, versionRows, workingRow } from './support.ts';

async function activeDiff(): Promise<{ label: string; input: vscode.TabInputTextDiff }> {
  return until(async () => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    return tab?.input instanceof vscode.TabInputTextDiff && { label: tab.label, input: tab.input };
  }, 'a diff editor');
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

describe('Differences', () => {
  afterEach(closeEditors);

  it('opens the manifests of two versions side by side, the older on the left', async () => {
    const all = await versionRows();
    const [newer, older] = [await versionRow('v1'), all.at(-1)];
    assert.ok(older);
    await run('diffVersions', newer.node, [newer.node, older.node]);
    const { label, input } = await activeDiff();
    assert.equal(label, `tiny.safetensors: ${older.label.slice(0, 7)} ↔ v1`);
    const [left, right] = [await textOf(input.original), await textOf(input.modified)];
    assert.match(left, new RegExp(older.node.version.id));
    assert.match(right, new RegExp(newer.node.version.id));
    assert.match(right, /w: F32 \[4\]/);
  });

  it('compares with the working copy, and follows it', async () => {
    const oldest = (await versionRows()).at(-1);
    await run('diffWithWorkingCopy', oldest?.node);
    const { label, input } = await activeDiff();
    assert.match(label, /^tiny\.safetensors: [0-9a-f]{7} ↔ working copy$/);
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

  it('serves nothing outside the workspace', async () => {
    const query = new URLSearchParams({ root: '/etc', model: 'passwd' }).toString();
    const uri = vscode.Uri.from({ scheme: 'modeltrail', path: '/passwd.manifest.txt', query });
    await assert.rejects(
      async () => vscode.workspace.fs.readFile(uri),
      (error) => error instanceof vscode.FileSystemError && error.code === 'FileNotFound',
    );
  });
});
