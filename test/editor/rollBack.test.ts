import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { tinySafetensors } from '../harness/testRepository.ts';
import { answering, fileUri, model, run, until, versionRow, versionRows, workingRow } from './support.ts';

describe('Rolling back', () => {
  const unrecorded = tinySafetensors([11, 12, 13, 14]);
  const first = tinySafetensors([1, 2, 3, 4]);

  before(async () => {
    await writeFile(fileUri(model).fsPath, unrecorded);
    await until(async () => (await workingRow()).description.startsWith('changed'), 'a changed file');
  });

  it('asks, and changes nothing when that is declined', async () => {
    const oldest = (await versionRows()).at(-1);
    const said = await answering({}, () => run('rollBack', oldest?.node));
    assert.match(
      said.modals.join(),
      /^Roll tiny\.safetensors back to [0-9a-f]{7}, from Git history\? The file that is there now is recorded as a version first\.$/,
    );
    assert.deepEqual(await readFile(fileUri(model).fsPath), unrecorded);
  });

  it('puts the bytes back, records what was there, and takes it all back with Undo', async () => {
    const oldest = (await versionRows()).at(-1);
    const said = await answering({ buttons: ['Roll Back'] }, () => run('rollBack', oldest?.node));
    assert.match(said.messages.join(), /is [0-9a-f]{7} again\. What was there was recorded as v2\./);
    assert.deepEqual(await readFile(fileUri(model).fsPath), first);
    await until(() => versionRow('v2'), 'v2');

    const undone = await answering({ buttons: ['Undo'] }, () => run('undoLastChange'));
    assert.match(undone.modals.join(), /^Undo rolling back to \S+\? The rollback of .* is undone/);
    assert.deepEqual(undone.messages, ['tiny.safetensors is v2 again.']);
    assert.deepEqual(await readFile(fileUri(model).fsPath), unrecorded);
    await until(async () => (await workingRow()).description.startsWith('same as v2'), 'same as v2');
  });

  it('offers Undo right after', async () => {
    const said = await answering({ buttons: ['Roll Back', 'Undo'] }, async () => {
      await run('rollBack', { model, version: 'v1' });
      await until(async () => (await workingRow()).description.startsWith('same as v2'), 'v2 once more');
    });
    assert.equal(said.modals.length, 1);
    assert.deepEqual(await readFile(fileUri(model).fsPath), unrecorded);
  });

  it('has nothing to do when the version is in place already', async () => {
    const said = await answering({}, () => run('rollBack', { model, version: 'v2' }));
    assert.deepEqual([said.modals, said.messages], [[], ['tiny.safetensors already is v2.']]);
  });
});
