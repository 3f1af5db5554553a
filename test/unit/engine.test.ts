import { statSync } from 'node:fs';
import { getPriority } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { EngineTests, model, watched } from '../support/engineTests.ts';
import { makeWorkspace, safetensors } from '../support/workspace.ts';

// The engine as the editor has it: in its own process, asked through messages.

const page = { offset: 0, limit: 10 };
const code = (expected: string) => expect.objectContaining({ name: 'TrailError', code: expected });

const tests = new EngineTests();

describe('the engine in its process', () => {
  it('starts with the first trail and answers as the engine itself does', async () => {
    expect(tests.processes.started).toHaveLength(0);
    const id = tests.train();
    const trail = await tests.open();
    expect(trail.root).toBe(tests.workspace.folder);
    expect(await trail.info()).toMatchObject({ git: 'found', author: { name: 'Ada Lovelace' } });
    const { version } = await trail.record({ model, message: 'baseline', metrics: { f1: 0.9 } }, unattended);
    expect(version).toMatchObject({ id, number: 1, message: 'baseline', metrics: { f1: 0.9 } });
    await trail.tag({ model, version: id }, 'champion', false);
    expect(await trail.versions(model, page)).toMatchObject({ total: 1, versions: [{ tags: ['champion'] }] });
    expect(await trail.matching('champion f1>0.8')).toEqual(new Map([[model, 1]]));
    expect(await trail.planUndo()).toMatchObject({ fact: { kind: 'tagged' } });
    expect(tests.processes.started).toHaveLength(1);
  });

  it('tells how far a recording is, in bytes', async () => {
    tests.train(model, safetensors(24 << 20));
    const { size } = statSync(path.join(tests.workspace.folder, model));
    const trail = await tests.open();
    const { operation, seen } = watched();
    await trail.record({ model }, operation);
    const label = expect.stringContaining('churn.safetensors');
    expect(seen.at(0)).toMatchObject({ label, total: size });
    expect(seen.at(-1)).toEqual({ label, done: size, total: size });
    const done = seen.map((progress) => progress.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });

  it('stops a recording that is cancelled, and leaves nothing of it', async () => {
    const total = tests.trainBig();
    const trail = await tests.open();
    const { operation, cancel, started, seen } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    cancel();
    await expect(recording).rejects.toEqual(code('cancelled'));
    expect(seen.at(-1)?.done).toBeLessThan(total);
    expect(tests.kept()).toEqual([]);
    expect(await trail.versions(model, page)).toMatchObject({ total: 0 });
    // Cancelled before it began.
    await expect(trail.record({ model }, operation)).rejects.toEqual(code('cancelled'));
  });

  it('answers other questions while it records', async () => {
    tests.trainBig();
    tests.train('models/small.onnx');
    const trail = await tests.open();
    const { operation, cancel, started } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    const rows = await trail.models();
    expect(rows.map((row) => row.path)).toEqual([model, 'models/small.onnx']);
    cancel();
    await expect(recording).rejects.toEqual(code('cancelled'));
  });

  it('keeps what kind of failure it was, and its message', async () => {
    tests.train();
    const trail = await tests.open();
    await expect(trail.resolve(`${model}@v7`)).rejects.toEqual(code('notFound'));
    await expect(trail.record({ model: 'models/none.onnx' }, unattended)).rejects.toThrow(/none\.onnx/);
    await expect(tests.open(path.join(tests.workspace.folder, 'nowhere'))).rejects.toEqual(code('notFound'));
    expect(tests.processes.started).toHaveLength(1);
  });

  it('tells what changed, and in which trail', async () => {
    tests.train();
    const trail = await tests.open();
    await trail.refresh(unattended);
    expect(tests.events.map(({ change }) => change)).toEqual(['models', 'history']);
    await trail.record({ model }, unattended);
    expect(tests.events.at(-1)).toEqual({ root: trail.root, change: 'journal' });
  });

  it('keeps two trails apart, in one process', async () => {
    const other = makeWorkspace({ git: false });
    try {
      const id = tests.train();
      other.write('other.onnx', 'x');
      const [first, second] = [await tests.open(), await tests.open(other.folder)];
      await first.record({ model }, unattended);
      expect((await first.models()).map(({ path, versions }) => [path, versions])).toEqual([[model, 1]]);
      expect((await second.models()).map(({ path, versions }) => [path, versions])).toEqual([
        ['other.onnx', 0],
      ]);
      await first.close();
      await expect(second.resolve(id.slice(0, 8))).rejects.toEqual(code('notFound'));
      expect(await second.info()).toMatchObject({ root: other.folder, git: 'none' });
      expect(tests.processes.started).toHaveLength(1);
    } finally {
      other.remove();
    }
  });

  it('takes new settings when a trail is opened again, also for who opened it before', async () => {
    tests.train();
    tests.train('models/small.onnx');
    const trail = await tests.open();
    expect(await trail.models()).toHaveLength(2);
    await tests.client.openTrail(tests.workspace.folder, { ...defaultSettings, include: ['**/*.onnx'] });
    expect((await trail.models()).map((row) => row.path)).toEqual(['models/small.onnx']);
  });

  it('does not hold up a trail that is opened again while it records', async () => {
    tests.trainBig();
    const trail = await tests.open();
    const { operation, cancel, started } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    const again = await tests.open();
    expect(await again.models()).toHaveLength(1);
    cancel();
    await expect(recording).rejects.toEqual(code('cancelled'));
  });

  it('still answers what was asked before a trail was opened again', async () => {
    const size = 2 ** 28;
    // Only a file of the size of a version is read to see whether it is that one.
    const oid = '0'.repeat(64);
    tests.train(model, `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`);
    tests.workspace.commit('large');
    tests.trainBig(size);
    const trail = await tests.open();
    await trail.refresh(unattended);
    const { operation, started } = watched();
    const checking = trail.checkWorkingCopy(model, operation);
    await started;
    await tests.open();
    expect(await checking).toMatchObject({ state: 'changed', size });
  });

  it('waits for the editor where both want a core', async () => {
    await tests.open();
    const [running] = tests.processes.started;
    expect(getPriority(running?.pid)).toBeGreaterThan(getPriority());
  });
});
