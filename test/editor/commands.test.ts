import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension } from './support.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
    }[];
  };
}

describe('The commands', () => {
  it('are all there, each with a title and a category', async () => {
    await extension();
    const found = vscode.extensions.getExtension('modeltrail.modeltrail');
    assert.ok(found);
    const { contributes } = found.packageJSON as Manifest;
    const declared = contributes.commands.map(({ command }) => command).sort();
    const registered = (await vscode.commands.getCommands(true)).filter(
      (command) => declared.includes(command) || /^modeltrail\.[a-z]+[A-Z]\w*$/.test(command),
    );
    assert.deepEqual(registered.sort(), declared);
    for (const { command, title, category } of contributes.commands) {
      assert.equal(category, 'Modeltrail', command);
      assert.doesNotMatch(title, /^%/, command);
    }
  });
});
