import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { commandLine } from '../support/commandLine.ts';
import { elsewhere, model, open, record, train, workspace } from '../support/trails.ts';

// A journal that Git leaves out: colleagues get no versions, and nobody notices.

const { modeltrail, json, ok } = commandLine(() => workspace.folder);

const sentence = (because: string, prefix = ''): string =>
  `Git ignores the journal in ${prefix}.modeltrail/journal because of ${because}: versions are not committed. ` +
  `Add these two lines at the end of ${prefix}.gitignore: !/.modeltrail/ and !/.modeltrail/**`;

/** Does what the message says. */
function mend(prefix = ''): void {
  appendFileSync(path.join(workspace.folder, prefix, '.gitignore'), '!/.modeltrail/\n!/.modeltrail/**\n');
}

function committed(): number {
  workspace.commit('all');
  const files = workspace.git('ls-files').split('\n');
  expect(files.filter((file) => file.endsWith('.safetensors'))).toEqual([]);
  return files.filter((file) => /\.modeltrail\/journal\/.*\.json$/.test(file)).length;
}

async function problemsOf(folder = workspace.folder) {
  const trail = await open({ folder });
  await trail.refresh(unattended);
  return (await trail.info()).problems;
}

describe('a journal that Git ignores', () => {
  it.each([
    ['*.json\n*.safetensors\n', '.gitignore:1 (*.json)'],
    ['*.safetensors\n.*\n!.gitignore\n', '.gitignore:2 (.*)'],
    ['*.json\n.*\n!.gitignore\n*.safetensors\n', '.gitignore:2 (.*)'],
    ['/*\n!.gitignore\n', '.gitignore:1 (/*)'],
    ['*\n!/.gitignore\n', '.gitignore:1 (*)'],
  ])('is a problem with %j, until the lines are there that it names', async (patterns, because) => {
    workspace.write('.gitignore', patterns);
    const trail = await open();
    train();
    const { notCommitted } = await trail.record({ model }, unattended);
    expect(notCommitted).toBe(sentence(because));
    // Once is enough.
    train();
    expect((await trail.record({ model }, unattended)).notCommitted).toBeUndefined();
    const problems = [{ path: '.gitignore', message: sentence(because) }];
    expect((await trail.info()).problems).toEqual(problems);
    expect(await problemsOf()).toEqual(problems);
    expect(committed()).toBe(0);
    mend();
    await trail.refresh(unattended);
    expect((await trail.info()).problems).toEqual([]);
    expect(committed()).toBe(2);
  });

  it('is one too where the patterns are those of the user, or of a folder above', async () => {
    const excludes = path.join(elsewhere.folder, 'ignore');
    elsewhere.write('ignore', '*.json\n');
    workspace.write('.gitignore', '*.safetensors\n');
    workspace.git('config', 'core.excludesFile', excludes);
    await record(await open());
    expect(await problemsOf()).toEqual([{ path: excludes, message: sentence(`${excludes}:1 (*.json)`) }]);
    mend();
    expect(await problemsOf()).toEqual([]);
    expect(committed()).toBe(1);
    workspace.git('config', '--unset', 'core.excludesFile');

    workspace.write('.gitignore', '*.safetensors\n.*\n!.gitignore\n');
    const folder = path.join(workspace.folder, 'ml');
    mkdirSync(path.join(folder, '.modeltrail'), { recursive: true });
    await record(await open({ folder }), undefined, model, { ...workspace, folder, write: writeInside });
    expect(await problemsOf(folder)).toEqual([
      { path: path.join(workspace.folder, '.gitignore'), message: sentence('.gitignore:2 (.*)', 'ml/') },
    ]);
    mend('ml');
    expect(await problemsOf(folder)).toEqual([]);
    expect(committed()).toBe(2);
  });

  it('is none where that is meant, or the entries are committed all the same', async () => {
    await record(await open());
    for (const patterns of ['.modeltrail/\n', '/.modeltrail/journal\n', '.modeltrail/**/*.json\n']) {
      workspace.write('.gitignore', patterns);
      expect(await problemsOf()).toEqual([]);
    }
    workspace.write('.gitignore', '');
    workspace.write('.git/info/exclude', '*.json\n.*\n');
    expect(await problemsOf()).toEqual([]);
    workspace.write('.git/info/exclude', '');
    workspace.write('.modeltrail/.gitignore', '*\n');
    expect(await problemsOf()).toEqual([]);

    workspace.write('.modeltrail/.gitignore', '');
    workspace.write('.gitignore', '*.json\n');
    expect(await problemsOf()).toHaveLength(1);
    workspace.git('add', '--force', '.modeltrail');
    expect(await problemsOf()).toEqual([]);

    // A whole folder that is not committed, with a trail of its own.
    workspace.write('.gitignore', 'scratch/\n');
    const folder = path.join(workspace.folder, 'scratch');
    mkdirSync(path.join(folder, '.modeltrail'), { recursive: true });
    await record(await open({ folder }), undefined, model, { ...workspace, folder, write: writeInside });
    expect(await problemsOf(folder)).toEqual([]);
  });

  it('is told of by the first record, and by status', async () => {
    workspace.write('.gitignore', '*.json\n');
    train();
    const { exitCode, stderr } = await modeltrail(['record', model]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(sentence('.gitignore:1 (*.json)'));
    train();
    expect(await ok('record', model)).toContain('Recorded');
    expect((await json('status')).document['problems']).toEqual([
      { path: '.gitignore', message: sentence('.gitignore:1 (*.json)') },
    ]);
  });
});

function writeInside(this: { folder: string }, name: string, content: string | Uint8Array): string {
  return workspace.write(path.join(path.relative(workspace.folder, this.folder), name), content);
}
