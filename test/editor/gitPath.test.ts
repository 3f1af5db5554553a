import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { until, versionRow } from './support.ts';

describe('The setting "git.path"', () => {
  const { Global } = vscode.ConfigurationTarget;
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('git');
  let folder: string;

  before(async function (this: Mocha.Context) {
    if (process.platform === 'win32') this.skip();
    folder = await mkdtemp(path.join(tmpdir(), 'git-path-'));
  });
  after(async () => {
    await settings().update('path', undefined, Global);
    await versionRow('v1');
    await rm(folder, { recursive: true, force: true });
  });

  it('names the program that history is read with, of several the first that exists', async () => {
    const [program, asked] = [path.join(folder, 'git'), path.join(folder, 'asked')];
    await writeFile(program, `#!/bin/sh\necho "$*" >> '${asked}'\nexec git "$@"\n`);
    await chmod(program, 0o755);
    await settings().update('path', [path.join(folder, 'gone'), program], Global);
    await until(async () => {
      await versionRow('v1');
      // Of those that VS Code's own extension starts, none asks this.
      return (await readFile(asked, 'utf8')).includes('--is-shallow-repository');
    }, 'history is read');
  });
});
