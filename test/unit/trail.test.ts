import { existsSync, readdirSync, rmSync, statSync, truncateSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import type { TrailOptions } from '../../src/trail/opening.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';
import { damageContent, recipeFile } from '../support/damage.ts';
import { makeWorkspace, safetensors, sha256, type Workspace } from '../support/workspace.ts';

const model = 'models/churn.safetensors';
const code = (expected: string) => expect.objectContaining({ code: expected });

let workspace: Workspace;
const trails: Trail[] = [];

async function open(options: TrailOptions & { trusted?: boolean; folder?: string } = {}): Promise<Trail> {
  const { trusted = true, folder = workspace.folder, ...rest } = options;
  const trail = await openTrail(folder, { ...defaultSettings, trusted }, rest);
  trails.push(trail);
  return trail;
}

let trained = 0;

/** Writes the model so that it looks finished, some seconds after the one before: Git compares times by the second. */
function train(content: Uint8Array = safetensors(), name = model): string {
  const id = workspace.write(name, content);
  const earlier = new Date(Date.now() - 600_000 + ++trained * 2000);
  utimesSync(path.join(workspace.folder, name), earlier, earlier);
  return id;
}

beforeEach(() => {
  workspace = makeWorkspace();
});

afterEach(async () => {
  await Promise.all(trails.splice(0).map((trail) => trail.close()));
  workspace.remove();
});

describe('recording', () => {
  it('keeps each content once, with a number, metrics from the file beside it, and where it came from', async () => {
    workspace.write('README.md', 'churn');
    const commit = workspace.commit('start');
    const trail = await open();
    const first = train();
    workspace.write('models/metrics.json', '{"f1": 0.91, "params": {"lr": 0.1}}');
    const recorded = await trail.record({ model, message: 'baseline' }, unattended);
    expect(recorded).toMatchObject({ isNew: true, metricsFile: 'models/metrics.json' });
    expect(recorded.version).toMatchObject({
      id: first,
      number: 1,
      message: 'baseline',
      metrics: { f1: 0.91 },
      params: { lr: 0.1 },
      provenance: { commit, branch: 'main', dirty: false },
      by: { name: 'Ada Lovelace', email: 'ada@example.com' },
      sources: ['recorded'],
    });
    const second = train();
    workspace.write('models/metrics.json', '{"f1": 0.93}');
    const next = await trail.record({ model, metrics: { auc: 0.8 } }, unattended);
    expect(next.version).toMatchObject({
      id: second,
      number: 2,
      metrics: { f1: 0.93, auc: 0.8 },
      provenance: { parent: first },
    });
    const again = await trail.record({ model, message: 'the same again' }, unattended);
    expect(again).toMatchObject({ isNew: false, version: { number: 2, message: 'the same again' } });
    expect((await trail.versions(model, { offset: 0, limit: 10 })).versions.map(({ id }) => id)).toEqual([
      second,
      first,
    ]);
  });

  it('makes nothing in the folder before the first record', async () => {
    train();
    const trail = await open();
    await trail.refresh(unattended);
    expect(await trail.models()).toMatchObject([{ path: model, versions: 0, working: { state: 'changed' } }]);
    await trail.close();
    trails.length = 0;
    expect(existsSync(path.join(workspace.folder, '.modeltrail'))).toBe(false);
  });

  it('records a checkpoint though its metrics file is broken, and says so', async () => {
    train();
    workspace.write('models/metrics.json', '{"f1": ');
    const trail = await open();
    const { version, metricsProblem } = await trail.record({ model }, unattended);
    expect(version).toMatchObject({ number: 1, metrics: {} });
    expect(metricsProblem).toContain('metrics.json');
  });

  it('does not take the metrics of a later version for those of an earlier one that was put back', async () => {
    const trail = await open();
    const first = train();
    workspace.write('models/metrics.json', '{"f1": 0.8}');
    await trail.record({ model }, unattended);
    train();
    workspace.write('models/metrics.json', '{"f1": 0.9}');
    await trail.rollback({ model, version: first }, unattended);
    const { version } = await trail.record({ model, message: 'as it was' }, unattended);
    expect(version).toMatchObject({ id: first, metrics: { f1: 0.8 } });
    expect((await trail.record({ model }, unattended)).version.metrics).toEqual({ f1: 0.8 });
    // Evaluated again after the rollback: now the file speaks of what is there.
    workspace.write('models/metrics.json', '{"f1": 0.81}');
    expect((await trail.record({ model }, unattended)).version.metrics).toEqual({ f1: 0.81 });
  });

  it('refuses what is no model file, naming it', async () => {
    workspace.write('models/dir.onnx/inner.txt', 'x');
    const trail = await open();
    await expect(trail.record({ model: 'models/dir.onnx' }, unattended)).rejects.toThrow(
      /dir\.onnx is a directory/,
    );
    await expect(trail.record({ model: 'models/none.onnx' }, unattended)).rejects.toEqual(code('notFound'));
    await expect(trail.record({ model: '../outside.onnx' }, unattended)).rejects.toEqual(code('refused'));
  });

  it('records an empty file, and one with any name', async () => {
    const trail = await open();
    for (const name of ['empty.onnx', `a "quoted" 'näme' 🚀 .pt`, '-dash.gguf']) {
      const id = train(name === 'empty.onnx' ? new Uint8Array() : safetensors(), name);
      const { version } = await trail.record({ model: name }, unattended);
      expect(version).toMatchObject({ id, number: 1 });
      expect(await trail.resolve(`${name}@v1`)).toMatchObject({ model: name, version: { id } });
    }
    await trail.refresh(unattended);
    await trail.checkWorkingCopies(unattended);
    expect((await trail.models()).map(({ working }) => working.state)).toEqual(['same', 'same', 'same']);
  });
});

describe('history from Git', () => {
  it('shows commits of all branches with the metrics of each, joined with what was recorded', async () => {
    const first = train();
    workspace.write('models/metrics.json', '{"f1": 0.5}');
    workspace.commit('first');
    workspace.git('checkout', '-q', '-b', 'experiment');
    const second = train();
    workspace.write('models/metrics.json', '{"f1": 0.6}');
    workspace.commit('longer warm-up');
    const trail = await open();
    await trail.refresh(unattended);
    const { versions } = await trail.versions(model, { offset: 0, limit: 10 });
    expect(versions.map(({ id, sources, metrics, message }) => ({ id, sources, metrics, message }))).toEqual([
      { id: second, sources: ['git'], metrics: { f1: 0.6 }, message: 'longer warm-up' },
      { id: first, sources: ['git'], metrics: { f1: 0.5 }, message: 'first' },
    ]);
    expect((await trail.models())[0]?.working).toMatchObject({ state: 'unchecked' });
    await trail.checkWorkingCopies(unattended);
    expect((await trail.models())[0]?.working).toMatchObject({ state: 'same', version: second });
    await trail.record({ model }, unattended);
    const joined = await trail.versions(model, { offset: 0, limit: 10 });
    expect(joined).toMatchObject({ total: 2, versions: [{ number: 1, sources: ['recorded', 'git'] }, {}] });
  });

  it('keeps the recorded versions of a model that Git saw renamed', async () => {
    const trail = await open();
    const id = train();
    await trail.record({ model, message: 'before the move' }, unattended);
    await trail.tag({ model, version: id }, 'champion', false);
    workspace.commit('first');
    workspace.git('mv', model, 'moved.safetensors');
    workspace.commit('renamed');
    await trail.refresh(unattended);
    expect((await trail.models()).map(({ path: name }) => name)).toEqual(['moved.safetensors']);
    const moved = await trail.versions('moved.safetensors', { offset: 0, limit: 10 });
    expect(moved.versions).toMatchObject([{ id, number: 1, message: 'before the move', tags: ['champion'] }]);
    train(safetensors(), 'moved.safetensors');
    const { version } = await trail.record({ model: 'moved.safetensors' }, unattended);
    expect(version).toMatchObject({ number: 2, provenance: { parent: id } });
  });

  it('is there at once when opened again, without asking Git', async () => {
    train();
    workspace.commit('first');
    const trail = await open();
    await trail.refresh(unattended);
    await trail.close();
    trails.length = 0;
    const again = await open();
    expect((await again.versions(model, { offset: 0, limit: 10 })).total).toBe(1);
  });

  it('rolls back to a commit from its blob, and resolves Git revisions', async () => {
    const first = train();
    workspace.commit('first');
    train();
    workspace.commit('second');
    const trail = await open();
    await trail.refresh(unattended);
    const { version } = await trail.resolve('HEAD~1');
    expect(version?.id).toBe(first);
    expect(await trail.planRollback({ model, version: first })).toMatchObject({ from: 'git', records: true });
    await trail.rollback({ model, version: first }, unattended);
    expect(sha256(workspace.read(model))).toBe(first);
  });

  it('says where the bytes of an LFS pointer could come from', async () => {
    const oid = sha256('far away');
    workspace.write(model, `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 8\n`);
    workspace.commit('pointer');
    workspace.git('remote', 'add', 'origin', 'https://user:secret@example.com/models.git');
    const trail = await open();
    await trail.refresh(unattended);
    expect((await trail.models())[0]?.working).toMatchObject({ state: 'pointer', version: oid });
    const plan = await trail.planRollback({ model, version: oid });
    expect(plan.from).toBeUndefined();
    expect(plan.missing).toMatch(/git lfs fetch.*example\.com/);
    expect(plan.missing).not.toContain('secret');
    await expect(trail.rollback({ model, version: oid }, unattended)).rejects.toEqual(code('missingBytes'));
  });
});

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
    damageContent(storeFolder(), first);
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
    rmSync(recipeFile(storeFolder(), id), { force: true });
    train();
    const report = await trail.verify({}, unattended);
    expect(report.problems).toHaveLength(1);
    expect(report.problems[0]?.message).toContain('not on this machine');
    await expect(trail.rollback({ model, version: id }, unattended)).rejects.toEqual(code('missingBytes'));
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

describe('several at once', () => {
  it('sees what another window recorded, and never gives a number twice', async () => {
    const [one, other] = [await open(), await open()];
    const names = ['a.pt', 'b.pt', 'c.pt'];
    for (let round = 0; round < 5; round++) {
      for (const name of names) train(safetensors(), name);
      await Promise.all(
        names.flatMap((name) => [one, other].map((trail) => trail.record({ model: name }, unattended))),
      );
    }
    await one.refresh(unattended);
    await other.refresh(unattended);
    for (const trail of [one, other]) {
      for (const name of names) {
        const { versions } = await trail.versions(name, { offset: 0, limit: 100 });
        expect(versions.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4, 5]);
      }
    }
  });
});

function storeFolder(): string {
  return path.join(workspace.folder, '.git/modeltrail');
}
