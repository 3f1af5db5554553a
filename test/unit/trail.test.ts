import { appendFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { code, open, trails, workspace, write } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

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

  it('waits for a file that is being written, and names it as it is called in the trail when it has waited enough', async () => {
    const trail = await open();
    const file = path.join(workspace.folder, model);
    workspace.write(model, safetensors());
    const write = (): void => appendFileSync(file, 'x');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      const operation = {
        ...unattended,
        report({ label }: { label: string }) {
          expect(label).toBe('Waiting until the file is complete');
          write();
          vi.setSystemTime(Date.now() + 20_000);
        },
      };
      await expect(trail.record({ model }, operation)).rejects.toMatchObject({
        code: 'refused',
        message: `${model} is still being written; record it when it is complete.`,
      });
    } finally {
      vi.useRealTimers();
    }
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
