import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { damageContent, recipeFile } from '../support/damage.ts';
import { age, code, elsewhere, open, store, trails, workspace, write } from '../support/trails.ts';
import { makeWorkspace, safetensors, sha256 } from '../support/workspace.ts';

const model = 'models/churn.safetensors';

function train(content: Uint8Array = safetensors(), name = model): string {
  return write(name, content);
}

describe('rolling back and undoing', () => {
  it('records what is there first, and undo brings it back', async () => {
    const trail = await open();
    const first = train();
    await trail.record({ model, message: 'one' }, unattended);
    const unrecorded = train();
    const result = await trail.rollback({ model, version: first }, unattended);
    expect(sha256(workspace.read(model))).toBe(first);
    expect(result.recorded).toMatchObject({
      id: unrecorded,
      number: 2,
      message: 'Kept before rolling back to v1',
    });
    const plan = await trail.planUndo();
    expect(plan?.description).toBe(
      `The rollback of ${model} to v1 is undone: it becomes v2 again. What is there now is kept.`,
    );
    await trail.undo(result.factId, unattended);
    expect(sha256(workspace.read(model))).toBe(unrecorded);
    await expect(trail.undo(result.factId, unattended)).rejects.toEqual(code('refused'));
  });

  it('records a forgotten version again before it overwrites it, so that it can be undone', async () => {
    const trail = await open();
    const first = train();
    await trail.record({ model }, unattended);
    const second = train();
    await trail.record({ model }, unattended);
    await trail.forget([{ model, version: second }], unattended);
    age();
    await trail.collectGarbage(unattended);
    expect(await trail.planRollback({ model, version: first }, unattended)).toMatchObject({ records: true });
    const { recorded, factId } = await trail.rollback({ model, version: first }, unattended);
    expect(recorded).toMatchObject({ id: second, number: 2 });
    age();
    await trail.collectGarbage(unattended);
    await trail.undo(factId, unattended);
    expect(sha256(workspace.read(model))).toBe(second);
  });

  it('reads what both versions share from the file, also where the store has it damaged', async () => {
    const trail = await open();
    // So long that both are cut in the same places long before the end.
    const [head, tail] = [randomBytes(300_000), randomBytes(3_000_000)];
    const name = 'models/churn.pt';
    const first = train(Buffer.concat([head, tail]), name);
    await trail.record({ model: name }, unattended);
    train(Buffer.concat([randomBytes(300_000), tail]), name);
    await trail.record({ model: name }, unattended);
    // Its last block, which is in the second version too.
    damageContent(store(), first);
    const later = await open();
    await later.rollback({ model: name, version: first }, unattended);
    expect(sha256(readFileSync(path.join(workspace.folder, name)))).toBe(first);
  });

  it('brings back a deleted model, and undo deletes it again', async () => {
    const trail = await open();
    const id = train();
    await trail.record({ model }, unattended);
    rmSync(path.join(workspace.folder, model));
    await trail.refresh(unattended);
    expect(await trail.models()).toMatchObject([{ path: model, working: { state: 'missing' } }]);
    const { factId } = await trail.rollback({ model, version: id }, unattended);
    expect(sha256(workspace.read(model))).toBe(id);
    await trail.undo(factId, unattended);
    expect(existsSync(path.join(workspace.folder, model))).toBe(false);
  });

  it('refuses damaged bytes and leaves the file as it was', async () => {
    const trail = await open();
    const first = train();
    await trail.record({ model }, unattended);
    const second = train();
    await trail.record({ model }, unattended);
    damageContent(store(), first);
    await expect(trail.rollback({ model, version: first }, unattended)).rejects.toEqual(code('damaged'));
    expect(sha256(workspace.read(model))).toBe(second);
    expect(readdirSync(path.join(workspace.folder, 'models'))).toEqual(['churn.safetensors']);
    const report = await trail.verify({}, unattended);
    expect(report).toMatchObject({ checked: 2, problems: [{ path: model }] });
  });

  it('undoes tags, stages and notes, newest first', async () => {
    const trail = await open();
    const first = train();
    await trail.record({ model }, unattended);
    const second = train();
    await trail.record({ model }, unattended);
    await trail.tag({ model, version: first }, 'champion', false);
    await expect(trail.tag({ model, version: second }, 'champion', false)).rejects.toThrow(
      /"champion" is on v1/,
    );
    await trail.tag({ model, version: second }, 'champion', true);
    await trail.stage({ model, version: first }, 'production');
    await trail.stage({ model, version: second }, 'production');
    await trail.note({ model, version: first }, 'trained on 2025 data');
    expect((await trail.resolve('@production')).version?.id).toBe(second);
    const described: (string | undefined)[] = [];
    for (let plan = await trail.planUndo(); plan; plan = await trail.planUndo()) {
      described.push(plan.description);
      await trail.undo(plan.fact.id, unattended);
    }
    expect(described).toEqual([
      `The note on v1 of ${model} is removed.`,
      `v2 of ${model} leaves production, and v1 is in production again.`,
      `v1 of ${model} leaves production and is in no stage.`,
      `The tag "champion" of ${model} goes back from v2 to v1.`,
      `The tag "champion" is taken off v1 of ${model}.`,
    ]);
    const { versions } = await trail.versions(model, { offset: 0, limit: 10 });
    expect(versions.map(({ tags, stage, note }) => ({ tags, stage, note }))).toEqual([
      { tags: [] },
      { tags: [] },
    ]);
    expect((await trail.activity({ offset: 0, limit: 100 })).total).toBe(12);
  });
});

describe('what is damaged or forbidden', () => {
  it('passes over a damaged journal entry and names it', async () => {
    const trail = await open();
    train();
    await trail.record({ model }, unattended);
    const [month = ''] = readdirSync(path.join(workspace.folder, '.modeltrail/journal'));
    workspace.write(`.modeltrail/journal/${month}/01ARZ3NDEKTSV4RRFFQ69G5FAV.json`, '{"kind": "recor');
    const other = await open();
    const { problems } = await other.info();
    expect(problems).toMatchObject([
      { path: `.modeltrail/journal/${month}/01ARZ3NDEKTSV4RRFFQ69G5FAV.json` },
    ]);
    expect((await other.versions(model, { offset: 0, limit: 10 })).total).toBe(1);
  });

  it('builds a truncated index again', async () => {
    const trail = await open();
    train();
    await trail.record({ model }, unattended);
    await trail.close();
    trails.length = 0;
    const store = path.join(workspace.folder, '.git/modeltrail');
    const index = readdirSync(store).find((name) => name.endsWith('.sqlite')) ?? '';
    const file = path.join(store, index);
    truncateSync(file, Math.floor(statSync(file).size / 2));
    const again = await open();
    expect((await again.versions(model, { offset: 0, limit: 10 })).total).toBe(1);
  });

  it('reports a kept content that is missing', async () => {
    const trail = await open();
    const id = train();
    await trail.record({ model }, unattended);
    rmSync(recipeFile(store(), id), { force: true });
    train();
    const report = await trail.verify({}, unattended);
    const message = expect.stringMatching(/^v1 of .* was recorded on this machine, but .*not in the store/);
    expect(report.problems).toEqual([{ path: model, message }]);
    const rollback = trail.rollback({ model, version: id }, unattended);
    await expect(rollback).rejects.toMatchObject({ code: 'missingBytes', message });
  });

  it('reports no damage where a colleague has what was recorded', async () => {
    workspace.write('.gitignore', '*.safetensors\n');
    train();
    await (await open()).record({ model }, unattended);
    workspace.commit('recorded');
    const clone = path.join(elsewhere.folder, 'clone');
    workspace.git('clone', '--quiet', workspace.folder, clone);
    const message = expect.stringContaining('it was recorded by Ada Lovelace elsewhere');
    expect(await (await open({ folder: clone })).verify({}, unattended)).toMatchObject({
      checked: 0,
      bytes: 0,
      absent: [{ path: model, message }],
      problems: [],
    });
  });

  it('changes nothing in an untrusted workspace, and starts no Git', async () => {
    train();
    workspace.commit('first');
    const trail = await open({ trusted: false });
    await trail.refresh(unattended);
    expect((await trail.info()).git).toBe('untrusted');
    expect(await trail.models()).toMatchObject([{ path: model, versions: 0 }]);
    await expect(trail.record({ model }, unattended)).rejects.toEqual(code('refused'));
    expect(existsSync(path.join(workspace.folder, '.git/modeltrail'))).toBe(false);
  });

  it('works without Git, in a folder of its own', async () => {
    const plain = makeWorkspace({ git: false });
    try {
      const trail = await open({ folder: plain.folder });
      const id = plain.write('model.pt', safetensors());
      const { version } = await trail.record({ model: 'model.pt' }, unattended);
      expect(version).toMatchObject({ id, number: 1 });
      expect((await trail.info()).git).toBe('none');
      plain.write('model.pt', safetensors());
      await trail.rollback({ model: 'model.pt', version: id }, unattended);
      expect(sha256(plain.read('model.pt'))).toBe(id);
    } finally {
      plain.remove();
    }
  });

  it('names the candidates of an ambiguous reference', async () => {
    const trail = await open();
    train();
    train(safetensors(), 'models/other.pt');
    await trail.record({ model }, unattended);
    await trail.record({ model: 'models/other.pt' }, unattended);
    await expect(trail.resolve('v1')).rejects.toThrow(/models\/churn\.safetensors@.*\n.*models\/other\.pt@/);
    await expect(trail.resolve('v7')).rejects.toEqual(code('notFound'));
  });
});
