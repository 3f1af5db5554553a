import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { Journal } from '../../src/journal/journal.ts';
import { tinySafetensors } from '../harness/testRepository.ts';
import { answering, fileUri, model, modelRow, run, until, versionRow } from './support.ts';

const store = (): string => fileUri('.git', 'modeltrail').fsPath;
const settings = () => vscode.workspace.getConfiguration('modeltrail');

async function record(values: readonly number[]): Promise<void> {
  await writeFile(fileUri(model).fsPath, tinySafetensors(values));
  await answering({ inputs: ['Space'] }, () => run('recordVersion', fileUri(model)));
}

/** As if no program had relied on what is kept for two hours. */
async function age(folder = store()): Promise<void> {
  const then = new Date(Date.now() - 7_200_000);
  const packs = path.join(folder, 'packs');
  for (const name of await readdir(packs)) await utimes(path.join(packs, name), then, then);
}

describe('The space that versions take', () => {
  before(async () => {
    for (const value of [21, 22, 23]) await record([value]);
    await until(() => versionRow('v6'), 'v6');
  });

  it('is given up for a version, after saying what that means', async () => {
    const declined = await answering({}, () => run('forgetVersion', { model, version: 'v4' }));
    assert.match(
      declined.modals.join(),
      /^Give up the bytes of v4 of tiny\.safetensors, to free \d+ B\? What is known stays, but the bytes cannot be brought back\.$/,
    );
    assert.ok(!(await versionRow('v4')).node.version.forgotten);

    const said = await answering({ buttons: ['Forget'] }, () =>
      run('forgetVersion', { model, version: 'v4' }),
    );
    assert.match(said.messages.join(), /The bytes of v4 of tiny\.safetensors were given up\. /);
    const row = await until(async () => {
      const found = await versionRow('v4');
      return found.node.version.forgotten && found;
    }, 'v4 without its bytes');
    assert.match(row.description, /bytes given up$/);
    assert.match(row.item.contextValue ?? '', /\bforgotten gone\b/);
    assert.equal(row.label, 'v4  Space');
    assert.equal((row.item.iconPath as vscode.ThemeIcon).id, 'circle-slash');

    const undo = await answering({}, () => run('undoLastChange'));
    assert.match(
      undo.modals.join(),
      /^Your last change gave up the bytes of models\/tiny\.safetensors v4, which cannot be undone\. Undo what you did before it\? /,
    );
  });

  it('is given up after saying by what else the version is known', async () => {
    const declined = await answering({}, () => run('forgetVersion', { model, version: 'v1' }));
    assert.match(declined.modals.join(), /free \d+ B\? v1 of tiny\.safetensors is tagged champion\. /);
  });

  it('is freed by rules, after a list of what goes and why the rest stays', async () => {
    const picks = [
      ['The best of each model by each metric whose better way is known', 'Those with a tag'],
      /Free/,
    ];
    await age();
    const said = await answering({ picks, buttons: ['Free Space'] }, () => run('freeSpace'));
    assert.deepEqual(said.errors, []);
    const rows = said.rows.join('\n');
    assert.match(rows, /The bytes of these go\nv5 of models\/tiny\.safetensors \| \d+ B/);
    assert.match(rows, /These stay\nv6 of models\/tiny\.safetensors \| in use/);
    assert.match(rows, /v1 of models\/tiny\.safetensors \| tagged/);
    assert.match(said.modals.join(), /^Give up the bytes of (one version|\d versions), to free \d+ B\?/);
    assert.match(said.messages.join(), /free/);
    await until(async () => (await versionRow('v5')).node.version.forgotten === true, 'v5 without its bytes');
    assert.ok(!(await versionRow('v1')).node.version.forgotten);
    assert.ok(!(await versionRow('v6')).node.version.forgotten);
  });

  it('is not freed when the list is dismissed', async () => {
    const said = await answering({ picks: [['Those with a tag']] }, () => run('freeSpace'));
    assert.deepEqual([said.modals, said.messages, said.errors], [[], [], []]);
  });

  it('is named where somebody else gave it up, before it goes', async () => {
    const { id, model: of } = (await versionRow('v6')).node.version;
    const journal = new Journal(fileUri('.modeltrail', 'journal').fsPath);
    await journal.append({ kind: 'forgotten', by: { name: 'Grace Hopper' }, model: of, version: id });
    const isForgotten = async (): Promise<boolean> =>
      (await versionRow('v6')).node.version.forgotten === true;
    await until(isForgotten, 'v6 is given up');
    const said = await answering({ picks: [['Those with a tag']] }, () => run('freeSpace'));
    assert.match(
      said.rows.join('\n'),
      /Given up before: these go unless they are recorded again\nv6 of models\/tiny\.safetensors \| \d+ B · given up by Grace Hopper on \d/,
    );
    const other = await answering({}, () => run('forgetVersion', { model, version: 'v1' }));
    assert.match(other.modals.join(), /The bytes of v6 of tiny\.safetensors go too, .* by Grace Hopper\.$/);
    await record([23]);
    await until(async () => !(await isForgotten()), 'v6 is recorded again');
  });

  it('is checked: what is damaged is in the Problems view until it is repaired', async () => {
    const packs = path.join(store(), 'packs');
    for (const name of await readdir(packs)) {
      await chmod(path.join(packs, name), 0o644);
      await truncate(path.join(packs, name), 40);
    }
    const said = await answering({ picks: ['All kept versions'] }, () => run('verify'));
    assert.match(said.errors.join(), /of \d versions are not as they should be\. The problems name them\./);
    const problems = await until(async () => {
      const found = vscode.languages.getDiagnostics(fileUri(model));
      return found.length > 0 && found;
    }, 'problems');
    assert.ok(
      problems.some(({ message }) => /v6/.test(message)),
      problems.map(({ message }) => message).join(),
    );

    const isOf = (name: string) => (): boolean =>
      vscode.languages.getDiagnostics(fileUri(model)).some(({ message }) => message.includes(name));
    await answering({ picks: ['All kept versions'], buttons: ['Repair'] }, async () => {
      await run('verify');
      // The working copy has the bytes of v6.
      await until(async () => !isOf('v6')(), 'v6 is repaired');
    });
  });
});

describe('The folder of the store', () => {
  let folder: vscode.Uri;
  before(async () => {
    folder = vscode.Uri.file(await mkdtemp(path.join(tmpdir(), 'mt-store-')));
    await rm(folder.fsPath, { recursive: true, maxRetries: 5 });
  });
  after(() => rm(folder.fsPath, { recursive: true, force: true, maxRetries: 5 }));

  const storeNow = async (): Promise<string> => (await (await modelRow()).node.trail.api.info()).store;
  const packsIn = (directory: string): boolean => existsSync(path.join(directory, 'packs'));

  it('is moved to another one, after a question', async () => {
    const to = vscode.Uri.joinPath(folder, 'moved');
    const said = await answering({ chosen: to, buttons: ['Move'] }, () => run('moveStore'));
    assert.deepEqual(said.errors, []);
    assert.ok(said.modals.join().includes(`Move the store from ${store()} to ${to.fsPath}?`));
    assert.ok(said.messages.join().includes(`The store is in ${to.fsPath} now.`));
    assert.equal(await storeNow(), to.fsPath);
    assert.ok(packsIn(to.fsPath));
  });

  it('can be set, and the setting follows when the store is moved', async () => {
    const [set, to] = [vscode.Uri.joinPath(folder, 'set'), vscode.Uri.joinPath(folder, 'again')];
    await settings().update('store.path', set.fsPath, vscode.ConfigurationTarget.Workspace);
    try {
      await until(async () => (await storeNow()) === set.fsPath, 'the folder that is set');
      await record([31]);
      assert.ok(packsIn(set.fsPath));
      const said = await answering({ chosen: to, buttons: ['Move'] }, () => run('moveStore'));
      assert.deepEqual(said.errors, []);
      assert.equal(settings().get('store.path'), to.fsPath);
      assert.equal(await storeNow(), to.fsPath);
      assert.ok(packsIn(to.fsPath) && !packsIn(set.fsPath));
      const bytes = await readFile(fileUri(model).fsPath);
      await record([32]);
      await answering({ buttons: ['Roll Back'] }, () => run('rollBack', { model, version: 'v7' }));
      assert.deepEqual(await readFile(fileUri(model).fsPath), bytes);
    } finally {
      await settings().update('store.path', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
