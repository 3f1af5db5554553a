import { readdirSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Operation, Progress } from '../../src/core/operation.ts';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { EngineClient, type TrailHandle } from '../../src/engine/client.ts';
import type { ChangeEvent } from '../../src/engine/protocol.ts';
import { type EngineProcesses, engineProgram, watchEngineProcesses } from '../support/engineProcesses.ts';
import { makeWorkspace, safetensors, type Workspace } from '../support/workspace.ts';

// The engine as the editor has it: in its own process, asked through messages.

const model = 'models/churn.safetensors';
const page = { offset: 0, limit: 10 };
const code = (expected: string) => expect.objectContaining({ name: 'TrailError', code: expected });

let workspace: Workspace;
let client: EngineClient;
let events: ChangeEvent[];
let log: string[];
let processes: EngineProcesses;

function engine(program = engineProgram): EngineClient {
  return new EngineClient({
    program,
    onDidChange: (root, change) => void events.push({ root, change }),
    onLog: (level, message) => void log.push(`${level}: ${message}`),
  });
}

const open = (folder = workspace.folder): Promise<TrailHandle> => client.openTrail(folder, defaultSettings);

/** Makes a file look finished, so that recording does not wait to see whether it still grows. */
function finished(name: string): void {
  const earlier = new Date(Date.now() - 60_000);
  utimesSync(path.join(workspace.folder, name), earlier, earlier);
}

function train(name = model, content: string | Uint8Array = safetensors()): string {
  const id = workspace.write(name, content);
  finished(name);
  return id;
}

/** A file whose reading takes long, though it takes no room. */
function trainBig(bytes = 4 * 2 ** 30): number {
  workspace.write(model, '');
  truncateSync(path.join(workspace.folder, model), bytes);
  finished(model);
  return bytes;
}

/** Resolves `started` with the first progress. */
function watched(): { operation: Operation; cancel(): void; started: Promise<void>; seen: Progress[] } {
  const controller = new AbortController();
  const seen: Progress[] = [];
  let begin = (): void => {};
  const started = new Promise<void>((resolve) => (begin = resolve));
  const report = (progress: Progress): void => {
    seen.push(progress);
    begin();
  };
  return {
    operation: { signal: controller.signal, report },
    cancel: () => controller.abort(),
    started,
    seen,
  };
}

/** All that the engine has written. */
function ownFiles(): string[] {
  return ['.git/modeltrail', '.modeltrail'].flatMap((name) => filesBelow(path.join(workspace.folder, name)));
}

/** Of these what holds model bytes or facts, or is left from writing them. */
function kept(): string[] {
  return ownFiles().filter((name) => !/^(index-.*\.sqlite|users[/\\].*\.json)$/.test(name));
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(path.join(folder, name)).isFile(),
    );
  } catch {
    return [];
  }
}

beforeEach(() => {
  workspace = makeWorkspace();
  events = [];
  log = [];
  processes = watchEngineProcesses();
  client = engine();
});

afterEach(async () => {
  processes.stopWatching();
  await client.dispose();
  workspace.remove();
});

describe('the engine in its process', () => {
  it('starts with the first trail and answers as the engine itself does', async () => {
    expect(processes.started).toHaveLength(0);
    const id = train();
    const trail = await open();
    expect(trail.root).toBe(workspace.folder);
    expect(await trail.info()).toMatchObject({ git: 'found', author: { name: 'Ada Lovelace' } });
    const { version } = await trail.record({ model, message: 'baseline', metrics: { f1: 0.9 } }, unattended);
    expect(version).toMatchObject({ id, number: 1, message: 'baseline', metrics: { f1: 0.9 } });
    await trail.tag({ model, version: id }, 'champion', false);
    expect(await trail.versions(model, page)).toMatchObject({ total: 1, versions: [{ tags: ['champion'] }] });
    expect(await trail.planUndo()).toMatchObject({ fact: { kind: 'tagged' } });
    expect(processes.started).toHaveLength(1);
  });

  it('tells how far a recording is, in bytes', async () => {
    train(model, safetensors(24 << 20));
    const { size } = statSync(path.join(workspace.folder, model));
    const trail = await open();
    const { operation, seen } = watched();
    await trail.record({ model }, operation);
    const label = expect.stringContaining('churn.safetensors');
    expect(seen.at(0)).toMatchObject({ label, total: size });
    expect(seen.at(-1)).toEqual({ label, done: size, total: size });
    const done = seen.map((progress) => progress.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });

  it('stops a recording that is cancelled, and leaves nothing of it', async () => {
    const total = trainBig();
    const trail = await open();
    const { operation, cancel, started, seen } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    cancel();
    await expect(recording).rejects.toEqual(code('cancelled'));
    expect(seen.at(-1)?.done).toBeLessThan(total);
    expect(kept()).toEqual([]);
    expect(await trail.versions(model, page)).toMatchObject({ total: 0 });
    // Cancelled before it began.
    await expect(trail.record({ model }, operation)).rejects.toEqual(code('cancelled'));
  });

  it('answers other questions while it records', async () => {
    trainBig();
    train('models/small.onnx');
    const trail = await open();
    const { operation, cancel, started } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    const rows = await trail.models();
    expect(rows.map((row) => row.path)).toEqual([model, 'models/small.onnx']);
    cancel();
    await expect(recording).rejects.toEqual(code('cancelled'));
  });

  it('keeps what kind of failure it was, and its message', async () => {
    train();
    const trail = await open();
    await expect(trail.resolve(`${model}@v7`)).rejects.toEqual(code('notFound'));
    await expect(trail.record({ model: 'models/none.onnx' }, unattended)).rejects.toThrow(/none\.onnx/);
    await expect(open(path.join(workspace.folder, 'nowhere'))).rejects.toEqual(code('notFound'));
    expect(processes.started).toHaveLength(1);
  });

  it('tells what changed, and in which trail', async () => {
    train();
    const trail = await open();
    await trail.refresh(unattended);
    expect(events.map(({ change }) => change)).toEqual(['models', 'history']);
    await trail.record({ model }, unattended);
    expect(events.at(-1)).toEqual({ root: trail.root, change: 'journal' });
  });

  it('keeps two trails apart, in one process', async () => {
    const other = makeWorkspace({ git: false });
    try {
      const id = train();
      other.write('other.onnx', 'x');
      const [first, second] = [await open(), await open(other.folder)];
      await first.record({ model }, unattended);
      expect((await first.models()).map(({ path, versions }) => [path, versions])).toEqual([[model, 1]]);
      expect((await second.models()).map(({ path, versions }) => [path, versions])).toEqual([
        ['other.onnx', 0],
      ]);
      await first.close();
      await expect(second.resolve(id.slice(0, 8))).rejects.toEqual(code('notFound'));
      expect(await second.info()).toMatchObject({ root: other.folder, git: 'none' });
      expect(processes.started).toHaveLength(1);
    } finally {
      other.remove();
    }
  });

  it('takes new settings when a trail is opened again, also for who opened it before', async () => {
    train();
    train('models/small.onnx');
    const trail = await open();
    expect(await trail.models()).toHaveLength(2);
    await client.openTrail(workspace.folder, { ...defaultSettings, include: ['**/*.onnx'] });
    expect((await trail.models()).map((row) => row.path)).toEqual(['models/small.onnx']);
  });

  it('does not hold up a trail that is opened again while it records', async () => {
    trainBig();
    const trail = await open();
    const { operation, cancel, started } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    const again = await open();
    expect(await again.models()).toHaveLength(1);
    cancel();
    await expect(recording).rejects.toEqual(code('cancelled'));
  });

  it('still answers what was asked before a trail was opened again', async () => {
    const size = 2 ** 30;
    // Only a file of the size of a version is read to see whether it is that one.
    const oid = '0'.repeat(64);
    train(model, `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`);
    workspace.commit('large');
    trainBig(size);
    const trail = await open();
    await trail.refresh(unattended);
    const { operation, started } = watched();
    const checking = trail.checkWorkingCopy(model, operation);
    await started;
    await open();
    expect(await checking).toMatchObject({ state: 'changed', size });
  });

  it('saves its index as it ends', async () => {
    train();
    const trail = await open();
    await trail.record({ model }, unattended);
    const indexes = () => ownFiles().filter((name) => /^index-.*\.sqlite$/.test(name));
    expect(indexes()).toEqual([]);
    await client.dispose();
    expect(indexes()).toHaveLength(1);
    await expect(trail.models()).rejects.toThrow(/stopped/);
    expect(processes.started).toHaveLength(1);
  });

  it('ends without waiting for what is still being recorded, and leaves nothing of it', async () => {
    trainBig();
    const trail = await open();
    const { operation, started } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    const outcome = expect(recording).rejects.toThrow(/[Cc]ancelled/);
    await client.dispose();
    await outcome;
    expect(kept()).toEqual([]);
  });

  it('ends when it dies while it is told to', async () => {
    trainBig();
    const trail = await open();
    const { operation, started } = watched();
    const outcome = expect(trail.record({ model }, operation)).rejects.toThrow();
    await started;
    const disposed = client.dispose();
    processes.started[0]?.kill('SIGKILL');
    await disposed;
    await outcome;
  });

  it('waits for the editor where both want a core', async () => {
    await open();
    const [running] = processes.started;
    expect(getPriority(running?.pid)).toBeGreaterThan(getPriority());
  });
});

describe('an editor that dies', () => {
  it('takes the engine with it, which leaves nothing of what it was at', async () => {
    trainBig();
    const trail = await open();
    const { operation, started } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    // All that the engine has of an editor that is killed.
    const [running] = processes.started;
    running?.disconnect();
    await expect(recording).rejects.toThrow(/stopped unexpectedly/);
    expect(running?.exitCode).toBe(0);
    expect(kept()).toEqual([]);
  });
});

describe('an engine that dies', () => {
  it('fails what was asked of it with a clear message, and starts anew with the next question', async () => {
    trainBig();
    const id = train('models/small.onnx');
    const trail = await open();
    await trail.record({ model: 'models/small.onnx' }, unattended);
    const { operation, started } = watched();
    const recording = trail.record({ model }, operation);
    await started;
    const outcome = expect(recording).rejects.toThrow('The Modeltrail engine stopped unexpectedly: SIGKILL');
    processes.started.at(-1)?.kill('SIGKILL');
    await outcome;

    const small = await trail.versions('models/small.onnx', page);
    expect(small.versions).toMatchObject([{ id, number: 1 }]);
    await trail.note({ model: 'models/small.onnx', version: id }, 'still here');
    expect(events.at(-1)).toEqual({ root: trail.root, change: 'journal' });
    expect(processes.started).toHaveLength(2);
  });

  it('says why when it cannot start, each time it is asked', async () => {
    const broken = workspace.folder + '/broken.mjs';
    writeFileSync(broken, 'throw new Error("no such luck")');
    const failing = engine(broken);
    for (const attempt of [1, 2]) {
      await expect(failing.openTrail(workspace.folder, defaultSettings)).rejects.toThrow(
        'The Modeltrail engine stopped unexpectedly: no such luck',
      );
      expect(processes.started).toHaveLength(attempt);
    }
    expect(log[0]).toMatch(/^error: [^]*no such luck/);
    await failing.dispose();
  });
});
