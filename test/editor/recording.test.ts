import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { tinySafetensors } from '../harness/testRepository.ts';
import {
  activityRows,
  answering,
  fileUri,
  model,
  modelRow,
  run,
  until,
  versionRow,
  versionRows,
  workingRow,
} from './support.ts';

describe('Recording a version and saying something of it', () => {
  before(async () => {
    assert.ok(!existsSync(fileUri('.modeltrail').fsPath), 'looking must write nothing');
    await writeFile(fileUri(model).fsPath, tinySafetensors([5, 6, 7, 8]));
    await writeFile(fileUri('models', 'metrics.json').fsPath, JSON.stringify({ f1: 0.95, loss: 0.1 }));
  });

  it('records the file with its message and the metrics beside it, as v1', async () => {
    const said = await answering({ inputs: ['Lower learning rate'] }, () =>
      run('recordVersion', fileUri(model)),
    );
    assert.deepEqual(said.errors, []);
    assert.match(
      said.messages.join(),
      /Recorded tiny\.safetensors as v1, with f1 and loss from models\/metrics\.json/,
    );
    const row = await until(() => versionRow('v1'), 'v1');
    assert.equal(row.label, 'v1  Lower learning…');
    assert.match(row.description, /^0\.95 ▲ f1 · /);
    assert.match(row.item.contextValue ?? '', /\bversion recorded\b/);
    await until(async () => (await workingRow()).description.startsWith('same as v1'), 'same as v1');
  });

  it('does nothing when the message is dismissed', async () => {
    const before = (await activityRows()).length;
    const said = await answering({ inputs: [undefined] }, async () =>
      run('recordVersion', (await modelRow()).node),
    );
    assert.deepEqual([said.messages, said.errors], [[], []]);
    assert.equal((await activityRows()).length, before);
  });

  it('tags a version, and asks before it moves the tag to another', async () => {
    await answering({ inputs: ['champion'] }, () => run('tagVersion', { model, version: 'v1' }));
    assert.equal((await until(() => tagged('v1', 'champion'), 'the tag')).label, '[champion] v1');

    const other = (await modelRow()).node.trail;
    const { versions } = await other.api.versions(model, { offset: 0, limit: 10 });
    const oldest = versions.at(-1);
    assert.ok(oldest);
    const target = { model, version: oldest.id };
    const refused = await answering({ inputs: ['champion'] }, () => run('tagVersion', target));
    assert.match(
      refused.modals.join(),
      /Move the tag "champion" of tiny\.safetensors from v1 to [0-9a-f]{7}\?/,
    );
    assert.ok(await tagged('v1', 'champion'), 'dismissing the question changes nothing');

    const moved = await answering({ inputs: ['champion'], buttons: ['Move Tag'] }, () =>
      run('tagVersion', target),
    );
    await until(async () => !(await tagged('v1', 'champion')), 'the tag has moved');
    assert.match(
      moved.messages.join(),
      /^The tag "champion" of tiny\.safetensors is on [0-9a-f]{7} now; it was on v1\.$/,
    );
  });

  it('undoes the last change, after saying what that means', async () => {
    const said = await answering({ buttons: ['Undo'] }, () => run('undoLastChange'));
    assert.match(
      said.modals.join(),
      /^Undo tagging [0-9a-f]{7} as champion\? The tag "champion" of .* goes back from [0-9a-f]{7} to v1\.$/,
    );
    assert.deepEqual(said.messages, ['The change of tiny.safetensors was undone.']);
    await until(() => tagged('v1', 'champion'), 'the tag is back');
  });

  it('promotes a version, and says which one it takes the place of', async () => {
    const [, , oldest] = (await (await modelRow()).node.trail.api.versions(model, { offset: 0, limit: 10 }))
      .versions;
    assert.ok(oldest);
    const first = await answering({ picks: ['production'] }, () =>
      run('setStage', { model, version: oldest.id }),
    );
    assert.deepEqual([first.modals, first.errors], [[], []]);
    const second = await answering({ picks: ['production'], buttons: ['Promote'] }, () =>
      run('setStage', { model, version: 'v1' }),
    );
    assert.match(
      second.modals.join(),
      /Promote v1 of tiny\.safetensors to production\? [0-9a-f]{7}, .* will be retired\./,
    );
    assert.match(
      second.messages.join(),
      /^v1 of tiny\.safetensors is in production; [0-9a-f]{7} is retired\.$/,
    );
    const row = await until(async () => {
      const found = await versionRow('v1');
      return found.node.version.stage === 'production' && found;
    }, 'v1 in production');
    assert.equal(row.item.resourceUri?.path, '/stage/production');
  });

  it('retires a version, and takes that back at a click', async () => {
    const stages = async (): Promise<unknown> =>
      (await activityRows()).slice(0, 2).map(({ label, description }) => `${label} ${description}`);
    const said = await answering({ picks: ['retired'], buttons: ['Retire', 'Undo'] }, () =>
      run('setStage', { model, version: 'v1' }),
    );
    assert.equal(said.messages[0], 'v1 of tiny.safetensors is retired, and no version is in production.');
    await until(async () => (await activityRows())[0]?.label.startsWith('Undid'), 'the change is undone');
    assert.match(String(await stages()), /^Undid: Put v1 in retired .*,Put v1 in retired undone/);
    await until(async () => (await versionRow('v1')).node.version.stage === 'production', 'in production');
  });

  it('takes a version out of its stage, after saying what that means, and tells it in the activity view', async () => {
    const target = { model, version: 'v1' };
    const said = await answering({ picks: ['No stage'], buttons: ['Take Out'] }, () =>
      run('setStage', target),
    );
    assert.match(
      said.modals.join(),
      /^Take v1 of tiny\.safetensors out of production\? No version will be in it/,
    );
    await until(async () => (await versionRow('v1')).node.version.stage === undefined, 'no stage');
    const newest = await until(async () => (await activityRows())[0], 'the newest change');
    assert.equal(newest.label, 'Took v1 out of production');
    const again = await answering({ picks: ['No stage'] }, () => run('setStage', target));
    assert.ok(again.rows.includes('No stage | now'));
    const silent = await answering({ picks: ['production'] }, () => run('setStage', target));
    assert.deepEqual([silent.modals, silent.messages], [[], []]);
    await until(async () => (await versionRow('v1')).node.version.stage === 'production', 'production again');
  });

  it('takes a tag off a version', async () => {
    const target = { model, version: 'v1' };
    await answering({ picks: ['New tag...'], inputs: ['best'] }, () => run('tagVersion', target));
    await until(() => tagged('v1', 'best'), 'the second tag');
    const said = await answering({ picks: ['Remove "best"'] }, () => run('tagVersion', target));
    assert.deepEqual(said.rows, ['New tag...', 'Remove "best"', 'Remove "champion"']);
    assert.deepEqual(said.messages, ['v1 of tiny.safetensors has the tag "best" no more.']);
    await until(async () => !(await tagged('v1', 'best')), 'the tag is gone');
    assert.ok(await tagged('v1', 'champion'));
  });

  it('puts no two versions of a model in production, of which one would be taken out again at once', async () => {
    const selected = (await versionRows()).map(({ node }) => node);
    const [first, ...others] = selected;
    assert.ok(others.length > 0);
    const said = await answering({ picks: ['production'], buttons: ['Promote'] }, () =>
      run('setStage', first, selected),
    );
    assert.match(said.errors.join(), /Only one version of tiny\.safetensors can be in production/);
    assert.deepEqual(said.modals, []);
    assert.equal((await versionRow('v1')).node.version.stage, 'production');
  });

  it('keeps a note and more metrics', async () => {
    await answering({ inputs: ['Overfits after epoch 9'] }, () => run('editNote', { model, version: 'v1' }));
    await answering({ inputs: ['auc=0.97 epoch=9'] }, () => run('addMetrics', { model, version: 'v1' }));
    const { version } = (
      await until(async () => {
        const found = await versionRow('v1');
        return found.node.version.metrics['auc'] === 0.97 && found;
      }, 'the added metric')
    ).node;
    assert.equal(version.note, 'Overfits after epoch 9');
    assert.deepEqual(version.metrics, { f1: 0.95, loss: 0.1, auc: 0.97, epoch: 9 });
  });

  it('tells it all in the activity view, newest first, and undoes a row there', async () => {
    const labels = (
      await until(async () => {
        const found = await activityRows();
        return found[0]?.label.includes('auc') && found;
      }, 'the newest change')
    ).map((row) => row.label);
    assert.equal(labels[0], 'Added auc and epoch to v1');
    assert.equal(labels[1], 'Noted on v1: Overfits after epoch 9');
    assert.equal(labels.at(-1), 'Recorded v1: Lower learning rate');

    const note = (await activityRows())[1];
    assert.match(note?.item.contextValue ?? '', /\bundoable\b/);
    await answering({ buttons: ['Undo'] }, () => run('undoChange', note?.node));
    await until(async () => (await versionRow('v1')).node.version.note === undefined, 'the note is gone');
    const undone = (await activityRows()).find((row) => row.label.startsWith('Noted on'));
    assert.match(undone?.description ?? '', /^undone · /);
  });

  it('rejects what cannot be a tag or a metric before it is entered', async () => {
    const window = vscode.window as unknown as { showInputBox: unknown };
    const problems: unknown[] = [];
    await answering({ picks: ['New tag...'] }, async () => {
      window.showInputBox = async ({ validateInput }: { validateInput(text: string): unknown }) => {
        problems.push(validateInput('v7'), validateInput('..'), validateInput('no good'));
      };
      await run('tagVersion', { model, version: 'v1' });
      await run('addMetrics', { model, version: 'v1' });
    });
    assert.equal(problems.length, 6);
    assert.deepEqual(
      problems.map((problem) => typeof problem),
      Array(6).fill('string'),
    );
  });

  it('says clearly that a file is not a model', async () => {
    const said = await answering({}, () => run('recordVersion', fileUri('models', 'metrics.json')));
    assert.match(said.errors.join(), /metrics\.json is not among the models/);
  });

  it('has its versions know that the file is missing, says so when asked to check it, and does not offer it to commands about the file', async () => {
    const file = fileUri(model).fsPath;
    const before = await readFile(file);
    await rm(file);
    try {
      const working = await until(async () => {
        const row = await workingRow();
        return row.description.startsWith('missing') && row;
      }, 'missing');
      for (const { item } of await versionRows()) assert.match(item.contextValue ?? '', /\bnofile\b/);
      const said = await answering({}, () => run('checkWorkingCopy', working.node));
      assert.deepEqual(said.messages, ['tiny.safetensors is not there.']);
      for (const [command, reason] of [
        [
          'recordVersion',
          /^None of the models here can be recorded: their files are missing, or only pointers/,
        ],
        ['checkWorkingCopy', /^The files of all models here are missing\./],
      ] as const) {
        const none = await answering({}, () => run(command));
        assert.deepEqual([none.rows, none.errors], [[], []]);
        assert.match(none.messages.join(), reason);
      }
      const show = await answering({}, () => run('showModel'));
      assert.deepEqual(show.rows, [`${model} | the file is missing`]);
    } finally {
      await writeFile(file, before);
    }
    await until(async () => (await workingRow()).description.startsWith('same as'), 'the file is back');
  });

  it('says from the palette which version a file is that was checked', async () => {
    const said = await answering({ picks: [model] }, () => run('checkWorkingCopy'));
    assert.deepEqual(said.messages, [`tiny.safetensors: ${(await workingRow()).description.split(' ')[2]}`]);
  });

  it('left the file itself alone', async () => {
    assert.deepEqual(await readFile(fileUri(model).fsPath), tinySafetensors([5, 6, 7, 8]));
  });
});

async function tagged(
  name: string,
  tag: string,
): Promise<Awaited<ReturnType<typeof versionRow>> | undefined> {
  const row = await versionRow(name);
  return row.node.version.tags.includes(tag) ? row : undefined;
}
