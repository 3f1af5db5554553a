import assert from 'node:assert/strict';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { tinySafetensors } from '../harness/testRepository.ts';
import { activityRows, answering, fileUri, modelRow, rows, run, until } from './support.ts';

const [old, now] = ['runs/net.safetensors', 'runs/best.safetensors'];

describe('A model that Git does not know, whose file was moved', () => {
  before(async () => {
    await mkdir(fileUri('runs').fsPath);
    await writeFile(fileUri(old).fsPath, tinySafetensors([9, 9]));
    await run('refresh');
    await until(() => modelRow('net.safetensors'), 'the model');
    const said = await answering({ inputs: ['First run'] }, () => run('recordVersion', fileUri(old)));
    assert.deepEqual(said.errors, []);
    await until(async () => (await versionsOf('net.safetensors'))[0]?.startsWith('v1'), 'its version');
  });

  /** What is said of the versions of a model. */
  async function versionsOf(name: string): Promise<string[]> {
    const children = await rows((await modelRow(name)).node);
    return children.flatMap(({ node, label }) => (node.kind === 'version' ? label : []));
  }

  it('is proposed on the row of the file that it is now, goes on there, and back with Undo', async () => {
    await rename(fileUri(old).fsPath, fileUri(now).fsPath);
    await run('refresh');
    const row = await until(async () => {
      const found = await modelRow('best.safetensors');
      return found.description.includes(`same as ${old}, which is gone`) && found;
    }, 'the proposal');
    assert.match(row.item.contextValue ?? '', /\bmoved\b/);
    const said = await answering({ picks: [old], buttons: ['Undo'] }, async () => {
      await run('followRename', row.node);
      await until(async () => (await modelRow('net.safetensors')).description.includes('missing'), 'undone');
    });
    assert.deepEqual(said.errors, []);
    assert.deepEqual(said.questions, [`Which model was ${now}?`]);
    assert.equal(said.messages[0], `${now} goes on with the history of ${old}.`);
    assert.match((await activityRows())[0]?.label ?? '', new RegExp(`Undid: Renamed ${old} to ${now}`));
  });

  it('is followed from its own row too, and from the palette', async () => {
    const gone = await modelRow('net.safetensors');
    assert.match(gone.item.contextValue ?? '', /\bmissing\b/);
    await answering({ picks: [now] }, () => run('followRename', gone.node));
    await until(async () => (await versionsOf('best.safetensors'))[0]?.startsWith('v1'), 'its version');
    await assert.rejects(modelRow('net.safetensors'));
    await rename(fileUri(now).fsPath, fileUri(old).fsPath);
    await run('refresh');
    await until(() => modelRow('net.safetensors'), 'the file');
    await answering({ picks: [now, old] }, () => run('followRename'));
    await until(async () => (await versionsOf('net.safetensors'))[0]?.startsWith('v1'), 'its version again');
    const nothing = await answering({}, () => run('followRename'));
    assert.deepEqual(nothing.messages, ['No model is gone: the files of all are there.']);
  });
});
