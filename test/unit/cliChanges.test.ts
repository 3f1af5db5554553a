import { readdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { workspace, write } from '../support/trails.ts';
import { makeWorkspace, safetensors } from '../support/workspace.ts';

const model = 'models/churn.safetensors';

function train(name = model): string {
  return write(name, safetensors());
}

const { modeltrail, json, ok } = commandLine(() => workspace.folder);

describe('telling', () => {
  it('tags, moves a tag only when told to, sets stages, writes and removes notes', async () => {
    const first = train();
    await ok('record', model);
    expect((await json('tag', 'v1', 'champion')).document['change']).toMatchObject({
      kind: 'tagged',
      model,
      version: first,
      tag: 'champion',
    });
    train();
    await ok('record', model);
    expect(await json('tag', 'v2', 'champion')).toMatchObject({
      exitCode: 3,
      document: { error: { code: 'refused', message: expect.stringContaining('--move') as string } },
    });
    // A model alone is the version that its file is.
    await ok('tag', model, 'champion', '--move');
    await ok('stage', 'champion', 'production');
    await ok('note', '@production', 'good on Mondays');
    expect((await json('show', 'v2')).document['version']).toMatchObject({
      tags: ['champion'],
      stage: 'production',
      note: 'good on Mondays',
    });
    expect(await ok('note', 'v2', '')).toContain('has no note any more');
    expect((await json('show', 'v2')).document).toMatchObject({ version: { note: null } });
    expect((await json('note', 'v2', '')).document).toMatchObject({ change: { note: null } });
    expect(await json('stage', 'v2', 'prod')).toMatchObject({
      exitCode: 2,
      document: { error: { code: 'usage' } },
    });
  });

  it('may say again what is so already, as a job does that is run twice, and writes nothing then', async () => {
    train();
    await ok('record', model);
    const facts = () => readdirSync(path.join(workspace.folder, '.modeltrail/journal'), { recursive: true });
    await ok('stage', 'v1', 'production');
    await ok('tag', 'v1', 'champion', '--move');
    const before = facts();
    expect(await ok('stage', 'v1', 'production')).toContain('v1 is already in production');
    expect(await ok('tag', 'v1', 'champion', '--move')).toContain('v1 already has the tag "champion"');
    expect((await json('stage', 'v1', 'production')).document['change']).toMatchObject({ id: null });
    expect(facts()).toEqual(before);
  });

  it('takes a tag off a version, and the version out of its stage, which can be undone', async () => {
    train();
    await ok('record', model);
    await ok('tag', 'v1', 'champion');
    await ok('stage', 'v1', 'production');
    const { change } = (await json('tag', 'v1', 'champion', '--remove')).document;
    expect(change).toMatchObject({ kind: 'untagged', model, tag: 'champion' });
    expect(await ok('stage', 'v1', 'none')).toContain('v1 is out of production, and in no stage.');
    expect((await json('show', 'v1')).document['version']).toMatchObject({ tags: [], stage: null });

    expect(await ok('tag', 'v1', 'champion', '--remove')).toContain('v1 does not have the tag "champion"');
    expect((await json('stage', 'v1', 'none')).document['change']).toMatchObject({
      id: null,
      kind: 'unstaged',
      stage: null,
    });
    expect(await ok('undo', '--yes')).toContain(`v1 of ${model} goes back to production.`);
    expect(await ok('undo', '--yes')).toContain(`The tag "champion" is on v1 of ${model} again.`);
    expect((await json('show', 'v1')).document['version']).toMatchObject({
      tags: ['champion'],
      stage: 'production',
    });
    expect((await json('tag', 'v1', 'champion', '--move', '--remove')).exitCode).toBe(2);
  });

  it('does not tag a file that is no version yet', async () => {
    train();
    await ok('record', model);
    train();
    const { exitCode, stderr } = await modeltrail(['tag', model, 'champion']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('Record it first');
  });

  it('says when a content was recorded before', async () => {
    train();
    await ok('record', model);
    expect(await ok('record', model)).toContain('was recorded before');
    expect((await json('record', model)).document).toMatchObject({ isNew: false, version: { number: 1 } });
  });

  it('says which message another one replaced, and undo brings it back', async () => {
    train();
    await ok('record', model, '-m', 'epoch 1');
    expect(await ok('record', model, '-m', 'epoch 2')).toContain('Its message was "epoch 1" until now.');
    expect(await ok('undo', '--yes')).toContain('becomes "epoch 1" again');
    expect((await json('record', model, '-m', 'epoch 3')).document).toMatchObject({
      messageBefore: 'epoch 1',
    });
    expect((await json('record', model, '-m', 'epoch 3')).document).toMatchObject({ messageBefore: null });
  });
});

describe('going back', () => {
  let first: string;
  beforeEach(async () => {
    first = train();
    await ok('record', model);
  });

  it('records what is there, puts the version back, and can be undone', async () => {
    train();
    const unsaved = workspace.read(model);
    const { document } = await json('rollback', 'v1', '--yes');
    expect(document).toMatchObject({
      change: { kind: 'rolledBack', model, version: first },
      from: 'store',
      recorded: { name: 'v2' },
      restored: { name: 'v1' },
    });
    expect((await json('show', model)).document).toMatchObject({ version: { id: first } });
    expect((await json('undo', '--yes')).document['undone']).toMatchObject({ kind: 'rolledBack', model });
    expect(workspace.read(model).equals(unsaved)).toBe(true);
  });

  it('asks on a terminal, and does nothing unless the answer is yes', async () => {
    train();
    const unsaved = workspace.read(model);
    for (const answer of ['n\n', '\n', '', 'yesterday\n']) {
      const { exitCode, stderr, stdout } = await modeltrail(['rollback', 'v1'], { answer });
      expect(exitCode).toBe(3);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/will be recorded as it is now, then replaced by v1 .*\n.*\[y\/N\]/);
      expect(workspace.read(model).equals(unsaved)).toBe(true);
    }
    const { exitCode, stdout } = await modeltrail(['rollback', 'v1'], { answer: 'y\n' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('What was there is recorded as v2.');
    const undone = await modeltrail(['undo'], { answer: 'Yes\n' });
    expect(undone.exitCode).toBe(0);
    expect(undone.stderr).toMatch(/^Undo rolling back to v1\? .* v2 again.*\nGo ahead\? \[y\/N\]/);
    expect(workspace.read(model).equals(unsaved)).toBe(true);
  });

  it('does not ask whether to replace a file by what it is', async () => {
    const { exitCode, stderr } = await modeltrail(['rollback', 'v1']);
    expect(exitCode).toBe(3);
    expect(stderr).toBe(`modeltrail: ${model} already is v1.\n`);
  });

  it('refuses without a terminal to ask on, and says how', async () => {
    train();
    await ok('tag', 'v1', 'champion');
    for (const command of [['rollback', 'v1'], ['undo']]) {
      const { exitCode, document } = await json(...command);
      expect(exitCode).toBe(3);
      expect(document['error']).toMatchObject({
        code: 'refused',
        message: expect.stringContaining('--yes') as string,
      });
    }
  });

  it('says what becomes of a link, and what did', async () => {
    const [folder, link] = [path.join(workspace.folder, path.dirname(model)), 'models/best.safetensors'];
    workspace.write('models/epoch.safetensors', safetensors());
    symlinkSync(path.basename(model), path.join(folder, 'best.safetensors'));
    await ok('record', link);
    rmSync(path.join(folder, 'best.safetensors'));
    symlinkSync('epoch.safetensors', path.join(folder, 'best.safetensors'));
    const sentence = `${link} is a link to epoch.safetensors and will be a file of its own.`;
    const { stderr } = await modeltrail(['rollback', `${link}@v1`], { answer: 'y\n' });
    expect(stderr).toContain(sentence);
    workspace.write('models/epoch.safetensors', safetensors());
    const { document } = await json('undo', '--yes');
    expect(document['note']).toContain(`so ${link} stays a file of its own.`);
    expect((await modeltrail(['rollback', `${link}@v1`])).stderr).not.toContain('is a link');
  });

  it('names the link by which a path leaves the trail', async () => {
    const outside = makeWorkspace({ git: false });
    try {
      outside.write('runs/big.safetensors', safetensors());
      symlinkSync(outside.folder, path.join(workspace.folder, 'data'));
      const { exitCode, stderr } = await modeltrail(['record', '../data/runs/big.safetensors'], {
        directory: 'models',
      });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(
        `../data/runs/big.safetensors is behind ../data, a link to ${outside.folder}, which is outside ` +
          `${workspace.folder}, where this trail is. Run this in the folder that it links to: modeltrail -C ${outside.folder}`,
      );
      expect((await modeltrail(['record', '../elsewhere.pt'])).stderr).toContain(
        '../elsewhere.pt is outside',
      );
    } finally {
      outside.remove();
    }
  });

  it('does not undo what came before bytes that were given up, unless that is named', async () => {
    train();
    await ok('record', model);
    await ok('tag', 'v2', 'champion');
    const { document: staged } = await json('stage', 'v2', 'production');
    await ok('forget', `${model}@v1`, '--yes');
    const { exitCode, stderr } = await modeltrail(['undo', '--yes']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      `Your last change gave up the bytes of ${model} v1, which cannot be undone. ` +
        'What you did before it can be undone with `modeltrail undo ',
    );
    expect((await json('show', 'v2')).document['version']).toMatchObject({ stage: 'production' });
    const { id } = staged['change'] as { id: string };
    expect(stderr).toContain(`\`modeltrail undo ${id}\`: v2 of ${model} leaves production`);
    await ok('undo', id, '--yes');
    expect((await json('show', 'v2')).document['version']).toMatchObject({ stage: null, tags: ['champion'] });
    expect((await json('undo', id, '--yes')).document['error']).toMatchObject({ code: 'refused' });
    expect((await json('undo', '--yes')).exitCode).toBe(3);
    await ok('stage', 'v2', 'staging');
    expect((await json('undo', '--yes')).document['undone']).toMatchObject({ kind: 'staged' });
  });

  it('says that there is nothing to undo', async () => {
    expect(await json('undo', '--yes')).toMatchObject({
      exitCode: 3,
      document: { error: { code: 'notFound' } },
    });
  });

  it('leaves everything as it was when cancelled at the question', async () => {
    train();
    const unsaved = workspace.read(model);
    const { exitCode, stdout } = await modeltrail(['rollback', 'v1'], { interrupt: true });
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    expect(workspace.read(model).equals(unsaved)).toBe(true);
  });
});
