import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { EngineTests, model, watched } from '../support/engineTests.ts';

// How the engine's process ends: when it is told to, with the editor, and when something kills it.

const page = { offset: 0, limit: 10 };
const tests = new EngineTests();

describe('an engine that is ended', () => {
  it('saves its index as it ends', async () => {
    tests.train();
    const trail = await tests.open();
    await trail.record({ model }, unattended);
    const indexes = () => tests.written().filter((name) => /^index-.*\.sqlite$/.test(name));
    expect(indexes()).toEqual([]);
    await tests.client.dispose();
    expect(indexes()).toHaveLength(1);
    await expect(trail.models()).rejects.toThrow(/stopped/);
    expect(tests.processes.started).toHaveLength(1);
  });

  it('ends without waiting for what is still being recorded, and leaves nothing of it', async () => {
    tests.trainBig();
    const trail = await tests.open();
    const { operation, started } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    const outcome = expect(recording).rejects.toThrow(/[Cc]ancelled/);
    await tests.client.dispose();
    await outcome;
    expect(tests.kept()).toEqual([]);
  });

  it('ends when it dies while it is told to', async () => {
    tests.trainBig();
    const trail = await tests.open();
    const { operation, started } = watched();
    const outcome = expect(trail.record({ model }, operation)).rejects.toThrow();
    await started;
    const disposed = tests.client.dispose();
    tests.processes.started[0]?.kill('SIGKILL');
    await disposed;
    await outcome;
  });
});

describe('an editor that dies', () => {
  it('takes the engine with it, which leaves nothing of what it was at', async () => {
    tests.trainBig();
    const trail = await tests.open();
    const { operation, started } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    // All that the engine has of an editor that is killed.
    const [running] = tests.processes.started;
    running?.disconnect();
    await expect(recording).rejects.toThrow(/stopped unexpectedly/);
    expect(running?.exitCode).toBe(0);
    expect(tests.kept()).toEqual([]);
  });
});

describe('an engine that dies', () => {
  it('fails what was asked of it with a clear message, and starts anew with the next question', async () => {
    tests.trainBig();
    const id = tests.train('models/small.onnx');
    const trail = await tests.open();
    await trail.record({ model: 'models/small.onnx' }, unattended);
    const { operation, started } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    const outcome = expect(recording).rejects.toThrow('The Modeltrail engine stopped unexpectedly: SIGKILL');
    tests.processes.started.at(-1)?.kill('SIGKILL');
    await outcome;

    const small = await trail.versions('models/small.onnx', page);
    expect(small.versions).toMatchObject([{ id, number: 1 }]);
    await trail.note({ model: 'models/small.onnx', version: id }, 'still here');
    expect(tests.events.at(-1)).toEqual({ root: trail.root, change: 'journal' });
    expect(tests.processes.started).toHaveLength(2);
  });

  it('says why when it cannot start, each time it is asked', async () => {
    const broken = tests.workspace.folder + '/broken.mjs';
    writeFileSync(broken, 'throw new Error("no such luck")');
    const failing = tests.engine(broken);
    for (const attempt of [1, 2]) {
      await expect(failing.openTrail(tests.workspace.folder, defaultSettings)).rejects.toThrow(
        'The Modeltrail engine stopped unexpectedly: no such luck',
      );
      expect(tests.processes.started).toHaveLength(attempt);
    }
    expect(tests.log[0]).toMatch(/^error: [^]*no such luck/);
    await failing.dispose();
  });
});
