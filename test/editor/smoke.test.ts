import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

function find(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('modeltrail.modeltrail');
  assert.ok(extension, 'Modeltrail is not among the extensions of this editor');
  return extension;
}

/** What the extension host starts from now on, other extensions too. */
function processesFromNow(): readonly ChildProcess[] {
  const started: ChildProcess[] = [];
  subscribe('child_process', (message) => started.push((message as { process: ChildProcess }).process));
  return started;
}

describe('The extension', () => {
  it('starts nothing and writes nothing at its activation', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(folder);
    const started = processesFromNow();
    await find().activate();
    assert.equal(find().isActive, true);
    const other = spawn('git', ['--version']);
    assert.ok(started.includes(other), 'a process that is started is seen');
    assert.deepEqual(
      started.filter(({ spawnargs }) => spawnargs.join().includes('engine.cjs')),
      [],
    );
    for (const name of ['.modeltrail', '.git/modeltrail'])
      assert.ok(!existsSync(path.join(folder, name)), name);
  });
});
