import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { tinySafetensors } from '../harness/testRepository.ts';
import {
  answering,
  extension,
  fileUri,
  model,
  modelRow,
  rows,
  run,
  type Said,
  until,
  versionRows,
} from './support.ts';

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

  it('offer only the models that can be chosen, and say so where there are none', async () => {
    const unrecorded = 'models/new.safetensors';
    await until(async () => (await versionRows()).length === 2, 'two versions');
    await writeFile(fileUri(unrecorded).fsPath, tinySafetensors([1]));
    try {
      await until(() => modelRow('new.safetensors'), 'the new model');
      const offered = async (command: string): Promise<readonly string[]> =>
        (await answering({}, () => run(command))).rows.map((row) => row.split(' | ')[0] ?? '');
      assert.deepEqual(await offered('recordVersion'), [unrecorded, model]);
      const onVersions = ['tagVersion', 'setStage', 'rollBack', 'goToVersion', 'saveVersionAs'];
      for (const command of [...onVersions, 'copyVersionId', 'diffVersions', 'diffWithWorkingCopy'])
        assert.deepEqual(await offered(command), [model], command);

      const forget = await answering({}, () => run('forgetVersion'));
      assert.deepEqual(forget.messages, [
        'None of the models here has recorded versions; those in Git take no space here.',
      ]);
      const forgetOne = await answering({}, async () => run('forgetVersion', (await modelRow()).node));
      assert.deepEqual(forgetOne.messages, [
        `${model} has no recorded versions; those in Git take no space here.`,
      ]);
      const tag = await answering({}, () => run('tagVersion', { model: unrecorded }));
      assert.deepEqual(tag.messages, [
        `There are no versions of ${unrecorded} to choose from. Record one first.`,
      ]);
      for (const { errors, rows } of [forget, forgetOne, tag]) assert.deepEqual([errors, rows], [[], []]);
    } finally {
      await rm(fileUri(unrecorded).fsPath);
    }
    await until(async () => (await rows()).length === 1, 'the model is gone');
  });

  it('let any file be recorded where there are no models', async () => {
    const settings = vscode.workspace.getConfiguration('modeltrail');
    await settings.update('include', ['**/*.none'], vscode.ConfigurationTarget.Workspace);
    try {
      await until(async () => (await rows()).length === 0, 'no models');
      const record = (chosen: vscode.Uri): Promise<Said> =>
        answering({ buttons: ['Choose File...'], chosen }, () => run('recordVersion'));
      const inside = await record(fileUri('models', 'metrics.json'));
      assert.match(
        inside.messages.join(),
        /^There are no models in this workspace: .*\.safetensors.* settings/,
      );
      assert.deepEqual(inside.questions, ['Record a version of models/metrics.json']);
      const outside = await record(vscode.Uri.joinPath(fileUri(), '../elsewhere.bin'));
      assert.match(outside.errors.join(), /^elsewhere\.bin is outside the folders/);
    } finally {
      await settings.update('include', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await until(async () => (await versionRows()).length === 2, 'the model is back');
  });
});
