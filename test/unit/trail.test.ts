import { chmodSync, existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Operation, unattended } from '../../src/core/operation.ts';
import { code, elsewhere, open, trails, workspace, write } from '../support/trails.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

const model = 'models/churn.safetensors';
afterEach(() => void vi.unstubAllEnvs());

function train(content: Uint8Array = safetensors(), name = model): string {
  return write(name, content);
}

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

  it('learns nothing from recording the same file and the same metrics again, whatever their values', async () => {
    train();
    const values = { low: '-.inf', none: '.nan', zero: '-0', list: '[.inf]', text: 'inf' };
    const lines = Object.entries(values).map(([name, value]) => `  ${name}: ${value}\n`);
    workspace.write('models/metrics.yaml', `metrics:\n${lines.join('')}params:\n${lines.join('')}`);
    const trail = await open();
    const { version } = await trail.record({ model }, unattended);
    expect(version.params).toEqual({
      low: '-Infinity',
      none: 'NaN',
      zero: -0,
      list: '["Infinity"]',
      text: 'inf',
    });
    await trail.record({ model }, unattended);
    const later = await open();
    await later.record({ model }, unattended);
    expect(await later.activity({ offset: 0, limit: 9 })).toMatchObject({ total: 1 });
  });

  it('keeps nothing of a file whose path no model can have', async () => {
    const trail = await open();
    train(safetensors(), 'git~1/churn.safetensors');
    await expect(trail.record({ model: 'git~1/churn.safetensors' }, unattended)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^git~1\/churn\.safetensors cannot be recorded/) as string,
    });
    expect(existsSync(path.join(workspace.folder, '.git/modeltrail/recipes'))).toBe(false);
    train(safetensors(), '.../churn.safetensors');
    const { version } = await trail.record({ model: '.../churn.safetensors' }, unattended);
    expect(version).toMatchObject({ model: '.../churn.safetensors', number: 1 });
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

  it('records a checkpoint of which the metrics file says two things, and says which', async () => {
    train();
    workspace.write('models/metrics.json', '{"metrics": {"acc": 0.9, "f1": 0.8}, "acc": 0.1}');
    const trail = await open();
    const { version, metricsProblem } = await trail.record({ model }, unattended);
    expect(version.metrics).toEqual({ acc: 0.1, f1: 0.8 });
    expect(metricsProblem).toMatch(/metrics\.json gives several values of acc:/);
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
    // Evaluated after the rollback: now the file speaks of what is there.
    workspace.write('models/metrics.json', '{"auc": 0.95}');
    expect((await trail.record({ model }, unattended)).version.metrics).toEqual({ f1: 0.8, auc: 0.95 });
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

  it('is known to a recording that begins while it is read for the first time', async () => {
    const trail = await open();
    train();
    await trail.record({ model }, unattended);
    workspace.commit('first');
    workspace.git('mv', model, 'moved.safetensors');
    workspace.commit('renamed');
    train(safetensors(), 'moved.safetensors');
    const later = await open();
    const goOn = path.join(elsewhere.folder, 'go-on');
    // A Git that does not answer before it may.
    elsewhere.write(
      'git',
      `#!/bin/sh\nuntil [ -e '${goOn}' ]; do sleep 0.01; done\nPATH="\${PATH#*:}" exec git "$@"\n`,
    );
    chmodSync(path.join(elsewhere.folder, 'git'), 0o755);
    vi.stubEnv('PATH', `${elsewhere.folder}${path.delimiter}${process.env['PATH']}`);
    const refreshing = later.refresh(unattended);
    const said: string[] = [];
    const operation: Operation = {
      ...unattended,
      report({ label }) {
        said.push(label);
        if (label === 'Reading Git history') elsewhere.write('go-on', '');
      },
    };
    const { version } = await later.record({ model: 'moved.safetensors' }, operation);
    expect(said.at(-1)).toBe('Reading Git history');
    expect(version.number).toBe(2);
    await refreshing;
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
    expect(await trail.planRollback({ model, version: first }, unattended)).toMatchObject({
      from: 'git',
      records: true,
    });
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
    const plan = await trail.planRollback({ model, version: oid }, unattended);
    expect(plan.from).toBeUndefined();
    expect(plan.missing).toMatch(/git lfs fetch.*example\.com/);
    expect(plan.missing).not.toContain('secret');
    await expect(trail.rollback({ model, version: oid }, unattended)).rejects.toEqual(code('missingBytes'));
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
