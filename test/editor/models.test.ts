import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { tinySafetensors } from '../harness/testRepository.ts';
import {
  closeEditors,
  extension,
  fileUri,
  model,
  modelRow,
  rows,
  until,
  versionRows,
  workingRow,
} from './support.ts';

describe('The models view', () => {
  it('has a row for every version in Git history, newest first, with its metric against the one before', async () => {
    const versions = await until(async () => {
      const found = await versionRows();
      return found.length === 2 && found;
    }, 'two versions');
    const [newer, older] = versions;
    assert.match(newer?.label ?? '', /^[0-9a-f]{7} {2}Train for…$/);
    assert.match(newer?.description ?? '', /^0\.9 ▲ f1 · /);
    assert.match(older?.label ?? '', /^[0-9a-f]{7} {2}First…$/);
    assert.match(older?.description ?? '', /^0\.8 f1 · /);
    assert.match(
      newer?.item.accessibilityInformation?.label ?? '',
      /Train for longer, f1 0\.9, better than before/,
    );
  });

  it('says which version the working copy is', async () => {
    const working = await until(async () => {
      const row = await workingRow();
      return row.description.startsWith('same as') && row;
    }, 'the working copy is compared');
    const [newer] = await versionRows();
    assert.ok(newer);
    const hash = newer.label.slice(0, 7);
    assert.ok(working.description.startsWith(`same as ${hash} · 79 B`), working.description);
    assert.match(newer.item.contextValue ?? '', /\bcurrent\b/);
  });

  it('sees at once that the file changes, and that it changes back', async () => {
    const file = fileUri(model).fsPath;
    const before = await readFile(file);
    await writeFile(file, tinySafetensors([9, 9, 9, 9]));
    try {
      await until(async () => (await workingRow()).description.startsWith('changed'), 'changed');
      assert.match((await modelRow()).item.contextValue ?? '', /\bchanged\b/);
    } finally {
      await writeFile(file, before);
    }
    await until(async () => (await workingRow()).description.startsWith('same as'), 'same as before');
  });

  it('says of a model without versions that it is not recorded, not that it changed', async () => {
    const file = fileUri('models/new.safetensors').fsPath;
    await writeFile(file, tinySafetensors([1]));
    try {
      const model = await until(async () => {
        const row = await modelRow('new.safetensors');
        return row.description.includes('not recorded') && row;
      }, 'the model is compared');
      assert.equal(model.item.contextValue, 'model changed unrecorded');
      const [working] = await rows(model.node);
      assert.match(working?.description ?? '', /^not recorded · /);
      assert.equal(working?.item.contextValue, 'working changed unrecorded');
    } finally {
      await rm(file);
    }
    await until(async () => (await rows()).length === 1, 'the model is gone');
  });

  it('says of a pointer of Git LFS whether its object is here, also when that comes or goes', async () => {
    const file = fileUri(model).fsPath;
    const before = await readFile(file);
    const id = createHash('sha256').update(before).digest('hex');
    const object = fileUri('.git/lfs/objects', id.slice(0, 2), id.slice(2, 4), id).fsPath;
    await mkdir(path.dirname(object), { recursive: true });
    await writeFile(object, before);
    const says = (text: string): Promise<boolean> =>
      until(async () => (await workingRow()).description.startsWith(text), text);
    try {
      await writeFile(
        file,
        `version https://git-lfs.github.com/spec/v1\noid sha256:${id}\nsize ${before.length}\n`,
      );
      await says('LFS pointer, its object is here: git lfs checkout');
      await rm(object);
      await vscode.commands.executeCommand('modeltrail.refresh');
      await says('LFS pointer, bytes not downloaded');
    } finally {
      await writeFile(file, before);
    }
    await says('same as');
  });

  it('keeps the identity of its rows over a refresh, so that the tree keeps what is open', async () => {
    const before = (await rows((await modelRow()).node)).map((row) => row.item.id);
    await vscode.commands.executeCommand('modeltrail.refresh');
    const after = (await rows((await modelRow()).node)).map((row) => row.item.id);
    assert.equal(new Set(before).size, 3);
    assert.deepEqual(after, before);
  });

  it('shows everything that is known in the tooltip, as text and not as markup or links', async () => {
    const { models } = await extension();
    const [row] = await versionRows();
    assert.ok(row);
    const version = { ...row.node.version, message: '[click](command:workbench.action.quit) <img>' };
    const { tooltip } = await models.resolveTreeItem(row.item, { ...row.node, version });
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.ok(tooltip.value.includes('\\[click\\]\\(command\\:'), tooltip.value);
    assert.ok(!tooltip.value.includes('<img>'));
    assert.ok(!tooltip.isTrusted && !tooltip.supportHtml);
    assert.match(tooltip.value, /\| f1 \| 0\\\.9, better than before \|/);
  });

  it('shows a version when it is asked to', async () => {
    const { models } = await extension();
    const [, older] = await versionRows();
    assert.ok(older);
    await vscode.commands.executeCommand('modeltrail.goToVersion', {
      model,
      version: older.label.slice(0, 7),
    });
    await until(async () => {
      const [selected] = models.selection;
      return selected?.kind === 'version' && selected.version.id === older.node.version.id;
    }, 'the version is selected');
  });

  it('has in the open text of a folder what its files are by now', async () => {
    const [folder, weights] = [fileUri('mlflow').fsPath, fileUri('mlflow/data/w.safetensors').fsPath];
    await mkdir(path.dirname(weights), { recursive: true });
    await writeFile(weights, tinySafetensors([5, 6]));
    await writeFile(path.join(folder, 'MLmodel'), 'flavors:\n  python_function:\n    data: data\n');
    try {
      // In a folder that was just made, not every watcher sees what comes.
      await vscode.commands.executeCommand('modeltrail.refresh');
      const model = await until(() => modelRow('mlflow'), 'the folder is a model');
      const [working] = await rows(model.node);
      await vscode.commands.executeCommand('modeltrail.openManifest', working?.node);
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.uri.scheme, 'modeltrail');
      const before = document.getText();
      await writeFile(weights, tinySafetensors([8, 9]));
      await vscode.commands.executeCommand('modeltrail.refresh');
      await until(async () => document.getText() !== before, 'another text');
      assert.equal(document.getText().length, before.length, 'only the hash is another');
    } finally {
      await closeEditors();
      await rm(folder, { recursive: true, maxRetries: 5 });
    }
    await until(async () => (await rows()).length === 1, 'the folder is gone');
  });
});
