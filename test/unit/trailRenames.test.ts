import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { safetensors } from '../support/workspace.ts';
import { age, model, open, record, train, trails, versionsOf, workspace } from '../support/trails.ts';

const moved = 'moved.safetensors';
const noRules = { last: 0, days: 0, tagged: false, staged: false, best: false };

function rename(): void {
  workspace.git('mv', model, moved);
  workspace.commit('renamed');
}

/** A trail that sees what Git has by now. */
async function reopened(): Promise<Trail> {
  await Promise.all(trails.splice(0).map((trail) => trail.close()));
  const trail = await open();
  await trail.refresh(unattended);
  return trail;
}

const numbers = async (trail: Trail, name = moved) =>
  (await versionsOf(trail, name)).map(({ number }) => number);

describe('a model that Git saw renamed', () => {
  it('keeps the bytes that are recorded again after they were forgotten under the old name', async () => {
    const trail = await open();
    const [lost, other] = [safetensors(50_000), safetensors(50_000)];
    const id = await record(trail, lost);
    await record(trail, other);
    workspace.commit('both');
    await trail.forget([{ model, version: id }], unattended);
    rename();
    await trail.refresh(unattended);
    await record(trail, lost, moved);
    const again = (await versionsOf(trail, moved)).find((version) => version.id === id);
    expect(again).toMatchObject({ number: 1 });
    expect(again?.forgotten).toBeFalsy();
    await record(trail, other, moved);
    age();
    await trail.collectGarbage(unattended);
    await trail.rollback({ model: moved, version: id }, unattended);
    expect(workspace.read(moved)).toEqual(Buffer.from(lost));
  });

  it('has one version in production, under whatever name the others were put there', async () => {
    const trail = await open();
    const first = await record(trail);
    await trail.stage({ model, version: first }, 'production');
    workspace.commit('first');
    rename();
    await trail.refresh(unattended);
    const second = await record(trail, undefined, moved);
    await trail.stage({ model: moved, version: second }, 'production');
    expect((await versionsOf(trail, moved)).map(({ stage }) => stage)).toEqual(['production', 'retired']);
  });

  it('is one row when its file is gone', async () => {
    const trail = await open();
    await record(trail);
    workspace.commit('first');
    rename();
    await trail.refresh(unattended);
    await record(trail, undefined, moved);
    rmSync(path.join(workspace.folder, moved));
    await trail.refresh(unattended);
    expect((await trail.models()).map(({ path: name }) => name)).toEqual([moved]);
    expect(await numbers(trail)).toEqual([2, 1]);
  });

  it('gets back what a rollback replaced before it was renamed, which is not given up until then', async () => {
    const trail = await open();
    const [first, second] = [safetensors(50_000), safetensors(50_000)];
    const id = await record(trail, first);
    await record(trail, second);
    await trail.rollback({ model, version: id }, unattended);
    workspace.commit('rolled back');
    rename();
    await trail.refresh(unattended);
    const plan = await trail.planFree(noRules, unattended);
    expect(plan.free).toEqual([]);
    const undo = await trail.planUndo();
    expect(undo?.description).toContain(moved);
    await trail.undo(undo?.fact.id ?? '', unattended);
    expect(workspace.read(moved)).toEqual(Buffer.from(second));
    await trail.refresh(unattended);
    expect((await trail.models()).map(({ path: name }) => name)).toEqual([moved]);
  });
});

it('a model whose name went to another that is gone too is still there', async () => {
  const other = 'other.safetensors';
  const trail = await open();
  const id = await record(trail);
  await record(trail, undefined, other);
  workspace.commit('two models');
  workspace.git('mv', other, 'third.safetensors');
  workspace.commit('the other is renamed');
  workspace.git('mv', model, other);
  workspace.commit('and the first to its name');
  rmSync(path.join(workspace.folder, other));
  const names = (await (await reopened()).models()).map(({ path: name }) => name);
  expect(names).toContain('third.safetensors');
  const all = await Promise.all(names.map((name) => versionsOf(trails.at(-1)!, name)));
  expect(all.flat().map((version) => version.id)).toContain(id);
});

describe('the number of a version', () => {
  it('goes on when a file is moved and trained, and the move is committed only after that', async () => {
    const trail = await open();
    await record(trail);
    workspace.commit('one');
    workspace.git('mv', model, moved);
    await trail.refresh(unattended);
    await record(trail, undefined, moved);
    workspace.git('commit', '--quiet', '--message', 'moved');
    await trail.refresh(unattended);
    expect((await numbers(trail)).toSorted()).toEqual([1, 2]);
  });

  it('is counted for each of the trails that are in one repository', async () => {
    for (const team of ['one', 'two']) {
      const folder = path.join(workspace.folder, team);
      mkdirSync(path.join(folder, '.modeltrail'), { recursive: true });
      const trail = await open({ folder });
      for (const number of [1, 2]) {
        train(undefined, `${team}/${model}`);
        const { version } = await trail.record({ model }, unattended);
        expect(version).toMatchObject({ model, number });
      }
    }
  });

  it('stays when a file is moved, recorded, and the move is committed only then', async () => {
    const trail = await open();
    await record(trail);
    const content = safetensors(50_000);
    await record(trail, content);
    workspace.commit('two');
    workspace.git('mv', model, moved);
    await trail.refresh(unattended);
    train(content, moved);
    const { version } = await trail.record({ model: moved }, unattended);
    expect(version.number).toBe(2);
    workspace.commit('moved');
    await trail.refresh(unattended);
    expect((await numbers(trail)).toSorted()).toEqual([1, 2]);
  });

  it('of a copy begins anew', async () => {
    const trail = await open();
    await record(trail);
    const content = safetensors(50_000);
    await record(trail, content);
    train(content, 'copy.safetensors');
    await trail.refresh(unattended);
    const { version } = await trail.record({ model: 'copy.safetensors' }, unattended);
    expect(version.number).toBe(1);
  });

  it('is not given twice when one branch renames the model and another does not', async () => {
    const trail = await open();
    await record(trail);
    workspace.commit('first');
    workspace.git('switch', '--quiet', '--create', 'renaming');
    rename();
    await trail.refresh(unattended);
    await record(trail, undefined, moved);
    workspace.commit('second under the new name');
    workspace.git('switch', '--quiet', 'main');
    const onMain = await reopened();
    await record(onMain);
    workspace.commit('third under the old name');
    expect(() => workspace.git('merge', 'renaming')).toThrow();
    rmSync(path.join(workspace.folder, model));
    workspace.commit('merged: the new name');
    expect((await numbers(await reopened())).toSorted()).toEqual([1, 2, 3]);
  });

  it('is the same for a content that two branches record', async () => {
    const trail = await open();
    await record(trail);
    workspace.commit('first');
    const content = safetensors(50_000);
    workspace.git('switch', '--quiet', '--create', 'feature');
    await trail.refresh(unattended);
    const id = await record(trail, content);
    workspace.commit('on the branch');
    workspace.git('switch', '--quiet', 'main');
    const onMain = await reopened();
    await record(onMain);
    workspace.commit('another');
    await record(onMain, content);
    const numberOf = async (of: Trail) => (await versionsOf(of)).find((version) => version.id === id)?.number;
    expect(await numberOf(onMain)).toBe(2);
    workspace.commit('the same');
    workspace.git('merge', '--quiet', '--strategy-option=ours', '--message', 'merged', 'feature');
    expect(await numberOf(await reopened())).toBe(2);
  });
});
