import { describe, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { model, open, train, versionsOf, workspace } from '../support/trails.ts';
import { commandLine } from '../support/commandLine.ts';

const { json } = commandLine(() => workspace.folder);

/** Commits all changes as somebody who made them, and committed them, on days of November. */
function commit(message: string, made: number, committed = made): void {
  const at = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T10:00:00Z`;
  workspace.git('add', '--all');
  vi.stubEnv('GIT_COMMITTER_DATE', at(committed));
  workspace.git('commit', '--quiet', '--message', message, '--date', at(made));
  vi.unstubAllEnvs();
}

async function opened(day?: number): Promise<Trail> {
  const trail = await open(day === undefined ? {} : { now: () => new Date(Date.UTC(2026, 10, day, 10)) });
  await trail.refresh(unattended);
  return trail;
}

const messages = async (trail: Trail) => (await versionsOf(trail)).map(({ message }) => message);

describe('the order of versions', () => {
  it('is that of commits, where a rebase kept the date of one', async () => {
    train();
    commit('base', 1);
    train();
    commit('main', 3);
    const id = train();
    commit('rebased', 2, 4);
    const trail = await opened();
    expect(await messages(trail)).toEqual(['rebased', 'main', 'base']);
    expect((await trail.models())[0]?.latest?.id).toBe(id);
    const { document } = await json('compare', 'HEAD', 'HEAD~1', 'HEAD~2');
    expect(document['versions']).toMatchObject(['base', 'main', 'rebased'].map((message) => ({ message })));
  });

  it('is that of commits for what was recorded before it was committed', async () => {
    train();
    commit('base', 1);
    const trail = await opened(2);
    train();
    await trail.record({ model, message: 'trained' }, unattended);
    const trained = workspace.read(model);
    train();
    await trail.record({ model, message: 'trained after it' }, unattended);
    train();
    commit('main', 3);
    train(trained);
    commit('rebased', 2, 4);
    await trail.refresh(unattended);
    // What nobody committed stays after what was recorded before it.
    expect(await messages(trail)).toEqual(['trained after it', 'trained', 'main', 'base']);
  });

  it('has what is only recorded between commits by its time', async () => {
    train();
    commit('base', 1);
    const trail = await opened(2);
    train();
    await trail.record({ model, message: 'recorded' }, unattended);
    train();
    commit('newer', 3);
    await trail.refresh(unattended);
    expect(await messages(trail)).toEqual(['newer', 'recorded', 'base']);
    expect((await trail.models())[0]?.latest?.message).toBe('newer');
  });

  it('stays the same when an older content is committed again', async () => {
    train();
    commit('first', 1);
    const first = workspace.read(model);
    train();
    commit('second', 2);
    train(first);
    commit('back to the first', 3);
    expect(await messages(await opened())).toEqual(['second', 'first']);
  });
});
