import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { tinySafetensors } from '../harness/testRepository.ts';
import { answering, closeEditors, fileUri, folder, modelRow, type Row, rows, run, until } from './support.ts';
import type { VersionNode } from '../../src/editor/nodes.ts';

describe('The checked versions of a model', () => {
  const name = 'brief.safetensors';
  let head: string;

  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: folder(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();

  /** Of its only version. */
  async function row(): Promise<Row<VersionNode> | undefined> {
    const children = await rows((await modelRow(name)).node);
    return children.find((row): row is Row<VersionNode> => row.node.kind === 'version');
  }
  const isChecked = async (): Promise<boolean | undefined> => (await row())?.node.checked;

  before(async () => {
    head = git('rev-parse', 'HEAD');
    await writeFile(fileUri(name).fsPath, tinySafetensors([7, 7]));
    git('add', name);
    git('commit', '--message', 'Brief');
    await run('refresh');
    const version = await until(row, 'its version');
    await run('compareVersions', version.node);
    await until(isChecked, 'it is checked');
  });

  after(async () => {
    await run('uncheckAll');
    await closeEditors();
    git('reset', '--quiet', head);
    await rm(fileUri(name).fsPath, { force: true });
    await run('refresh');
    await until(async () => (await rows()).length === 1, 'the model is gone');
  });

  it('do not count while it is gone, and are checked still when it is back', async () => {
    git('rm', '--quiet', name);
    git('commit', '--message', 'Gone');
    await run('refresh');
    await until(async () => (await rows()).length === 1, 'the model is gone');
    const said = await answering({}, () => run('compareVersions'));
    assert.match(said.rows.join(), /tiny\.safetensors/, 'as with nothing checked, a model is asked for');

    git('revert', '--no-edit', 'HEAD');
    await run('refresh');
    await until(isChecked, 'it is checked still');
  });

  it('are unchecked all at once', async () => {
    await run('uncheckAll');
    await until(async () => (await isChecked()) === false, 'it is unchecked');
  });
});
