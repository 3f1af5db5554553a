import assert from 'node:assert/strict';
import { writeFile, rm } from 'node:fs/promises';
import { tinySafetensors } from '../harness/testRepository.ts';
import {
  answering,
  closeEditors,
  extension,
  fileUri,
  model,
  modelRow,
  rows,
  run,
  until,
  versionRows,
  workingRow,
} from './support.ts';

describe('The filter of the models view', () => {
  const filterBy = (text: string | undefined) => answering({ inputs: [text] }, () => run('filterVersions'));
  const untilVersions = (count: number) =>
    until(async () => {
      const found = await versionRows();
      return found.length === count && found;
    }, `${count} versions`);

  before(() => untilVersions(2));
  afterEach(async () => {
    await run('clearFilter');
    await untilVersions(2);
    await closeEditors();
  });

  it('leaves the versions that it lets through, each compared with the one before as ever, and the working copy', async () => {
    await filterBy('f1>0.85');
    const [newer] = await untilVersions(1);
    assert.match(newer?.description ?? '', /^0\.9 ▲ f1 · /);
    assert.match((await modelRow()).description, /1 of 2 versions/);
    await filterBy('first');
    await until(async () => (await versionRows())[0]?.label.includes('First'), 'the other version');
    const same = newer?.label.slice(0, 7) ?? '';
    assert.ok(
      (await workingRow()).description.startsWith(`same as ${same}`),
      'though its version is left out',
    );
  });

  it('hides models without such a version, and stays as it was where nothing is entered or makes sense', async () => {
    const file = fileUri('models/new.safetensors').fsPath;
    await writeFile(file, tinySafetensors([1]));
    try {
      await until(() => modelRow('new.safetensors'), 'a model without versions');
      await filterBy('model:tiny');
      await until(async () => (await rows()).length === 1, 'one model');
      await filterBy(undefined);
      const { errors } = await filterBy('f1>high');
      assert.match(errors.join(), /"high" in f1>high is not a number/);
      assert.equal((await rows()).length, 1);
      await filterBy('stage:production');
      await until(async () => (await rows()).length === 0, 'no model');
      await filterBy('');
      await until(async () => (await rows()).length === 2, 'both models');
    } finally {
      await rm(file);
    }
    await until(async () => (await rows()).length === 1, 'the model is gone');
  });

  it('is cleared, which is said, by whoever goes to a version that it leaves out', async () => {
    const { models } = await extension();
    const [newer, older] = await untilVersions(2);
    await filterBy('longer');
    await untilVersions(1);
    const goTo = (id: string | undefined) => answering({}, () => run('goToVersion', { model, version: id }));
    assert.deepEqual((await goTo(newer?.node.version.id)).messages, []);
    assert.equal((await versionRows()).length, 1);
    const { messages } = await goTo(older?.node.version.id);
    assert.match(messages.join(), /The filter was cleared/);
    await until(async () => {
      const [selected] = models.selection;
      return selected?.kind === 'version' && selected.version.id === older?.node.version.id;
    }, 'the version is selected');
  });
});
