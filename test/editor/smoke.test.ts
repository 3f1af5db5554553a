import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

function find(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('modeltrail.modeltrail');
  assert.ok(extension, 'Modeltrail is not among the extensions of this editor');
  return extension;
}

function workerThreads(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Worker').length;
}

describe('The extension', () => {
  it('starts nothing and writes nothing at its activation', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(folder);
    const before = workerThreads();
    await find().activate();
    assert.equal(find().isActive, true);
    assert.equal(workerThreads(), before);
    for (const name of ['.modeltrail', '.git/modeltrail'])
      assert.ok(!existsSync(path.join(folder, name)), name);
  });
});
