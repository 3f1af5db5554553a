import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { elsewhere, model, train, workspace } from '../support/trails.ts';

const folder = (): string => path.join(elsewhere.folder, 'shallow');
const { modeltrail, json, ok } = commandLine(folder);

beforeEach(() => {
  train();
  workspace.commit('trained by Ada');
  workspace.git('config', 'user.name', 'Bob');
  workspace.write('notes.txt', 'nothing of the model');
  workspace.commit('notes of Bob');
  workspace.git('clone', '--quiet', '--depth', '1', `file://${workspace.folder}`, folder());
});

describe('in a shallow clone', () => {
  it('the commit where it is cut off is not said to have brought a model', async () => {
    expect(await ok('log', model)).toMatch(/at this commit or before/);
    const shown = await ok('show', `${model}@HEAD`);
    expect(shown).toMatch(/^ *Time .* or earlier: the history here is cut off/m);
    expect(shown).not.toMatch(/^ *(By|Message) /m);
    const { document } = await json('show', `${model}@HEAD`);
    expect(document['version']).toMatchObject({ atOrBefore: true, by: { name: '' }, message: '' });
  });

  it('what is made after it has its author', async () => {
    workspace.git('-C', folder(), 'config', 'user.name', 'Eve');
    workspace.git('-C', folder(), 'config', 'user.email', 'eve@example.com');
    train(undefined, path.relative(workspace.folder, path.join(folder(), model)));
    workspace.git('-C', folder(), 'commit', '--quiet', '--all', '--message', 'trained by Eve');
    const { document } = await json('log', model);
    expect(document['versions']).toMatchObject([
      { atOrBefore: false, by: { name: 'Eve' }, message: 'trained by Eve' },
      { atOrBefore: true },
    ]);
  });

  it('a revision that is not here is said to be cut off, and is there with the rest', async () => {
    const { exitCode, stderr } = await modeltrail(['show', `${model}@HEAD~1`]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringContaining('git fetch --unshallow'),
    });
    workspace.git('-C', folder(), 'fetch', '--quiet', '--unshallow');
    const { document } = await json('show', `${model}@HEAD~1`);
    expect(document['version']).toMatchObject({ atOrBefore: false, by: { name: 'Ada Lovelace' } });
  });
});
