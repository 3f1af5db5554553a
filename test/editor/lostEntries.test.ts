import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { activityRows, answering, fileUri, until, versionRow } from './support.ts';

describe('Entries that are taken out of the journal before a commit has them', () => {
  const journal = fileUri('.modeltrail', 'journal').fsPath;

  it('are brought back when the user wants them', async () => {
    const before = (await activityRows()).map(({ label }) => label);
    assert.ok(before.length > 0, 'nothing was recorded before');
    const said = await answering({ buttons: ['Bring Back'] }, async () => {
      await rm(journal, { recursive: true });
      await until(async () => (await activityRows()).length < before.length, 'they are gone');
      await until(async () => (await activityRows()).length === before.length, 'they are back');
    });
    assert.deepEqual(
      (await activityRows()).map(({ label }) => label),
      before,
    );
    assert.match(
      said.messages[0] ?? '',
      /^What was noted of tiny\.safetensors is neither in the journal nor/,
    );
    await versionRow('v1');
  });
});
