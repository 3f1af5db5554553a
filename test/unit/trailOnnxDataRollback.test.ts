import { readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Operation, unattended } from '../../src/core/operation.ts';
import { Journal } from '../../src/journal/journal.ts';
import { damageContent } from '../support/damage.ts';
import { onnxGraph, onnxGraphOf, onnxWeights, otherOnnxGraph } from '../support/onnxData.ts';
import { age, code, elsewhere, open, store, workspace, write } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

const model = 'models/m.onnx';
const names = ['a/x000.onnx.data', 'modelb.onnx.data'];
const [a, b] = ['models/a/x000.onnx.data', 'models/modelb.onnx.data'] as const;

function exported(step: number): void {
  write(model, Buffer.concat([onnxGraphOf(names), otherOnnxGraph('modelb.onnx.data', `step ${step}`)]));
  write(a, onnxWeights(step));
  write(b, onnxWeights(step + 10));
}

const onDisk = (name: string): string => sha256(workspace.read(name));
const all = (): string[] => [model, a, b].map(onDisk);

/** Two versions of a graph with weights in two files. */
async function twoVersions() {
  const trail = await open();
  exported(0);
  const { version } = await trail.record({ model }, unattended);
  const first = all();
  exported(1);
  await trail.record({ model }, unattended);
  return { trail, target: { model, version: version.id }, first, second: all() };
}

describe('a rollback of an ONNX model with several files', () => {
  it('leaves none of them at another version where one is damaged', async () => {
    const { trail, target, second } = await twoVersions();
    damageContent(store(), sha256(onnxWeights(10)));
    await expect(trail.rollback(target, unattended)).rejects.toEqual(code('damaged'));
    expect(all()).toEqual(second);
    // Nothing is left to undo.
    expect((await trail.planUndo())?.fact.kind).not.toBe('rolledBack');
  });

  it('leaves none of them at another version where it cannot be noted', async () => {
    const { target, second } = await twoVersions();
    const trail = await open({ now: () => new Date('2051-01-01') });
    workspace.write('.modeltrail/journal/2051-01', 'in the way');
    await expect(trail.rollback(target, unattended)).rejects.toThrow(/^(?!.*could not be noted)/);
    expect(all()).toEqual(second);
  });

  it('says which of them is another version now where that cannot be taken back, and how to go on', async () => {
    const { trail, target, first } = await twoVersions();
    damageContent(store(), sha256(onnxWeights(10)));
    workspace.write(b, onnxWeights(30));
    const before = all();
    // The folder of the first file is replaced while the second is kept.
    const folder = path.join(workspace.folder, 'models/a');
    let isMoved = false;
    const operation: Operation = {
      ...unattended,
      report() {
        if (isMoved || onDisk(a) !== first[1]) return;
        isMoved = true;
        renameSync(folder, path.join(elsewhere.folder, 'a'));
        symlinkSync(path.join(elsewhere.folder, 'a'), folder);
      },
    };
    const failed = await trail.rollback(target, operation).catch((error: Error) => error);
    expect(failed).toMatchObject({ code: 'damaged', message: expect.stringContaining(a) as string });
    const { message } = failed as Error;
    expect(message).not.toContain('Nothing was changed');
    renameSync(folder, path.join(elsewhere.folder, 'link'));
    renameSync(path.join(elsewhere.folder, 'a'), folder);
    await trail.undo(/modeltrail undo (\w+)/.exec(message)?.[1] ?? '', unattended);
    expect(all()).toEqual(before);
  });

  it('is undone of all of them or of none', async () => {
    const { trail, target, first, second } = await twoVersions();
    const { factId } = await trail.rollback(target, unattended);
    expect(all()).toEqual(first);
    await trail.forget([{ model: b, version: second[2] ?? '' }], unattended);
    age();
    await trail.collectGarbage(unattended);
    await expect(trail.undo(factId, unattended)).rejects.toMatchObject({
      code: 'missingBytes',
      message: expect.stringContaining(b) as string,
    });
    expect(all()).toEqual(first);
  });
});

const graph = 'models/graph.onnx';
const location = 'modelx.onnx.data';
const data = `models/${location}`;

function exportedOne(step: number, onnx = onnxGraph(location)): void {
  write(graph, onnx);
  write(data, onnxWeights(step));
}

const weightsOnDisk = (): boolean[] => [0, 1, 2].map((step) => onDisk(data) === sha256(onnxWeights(step)));

describe('a rollback of an ONNX model to a commit', () => {
  async function committedTwice() {
    for (const step of [0, 1]) {
      exportedOne(step);
      workspace.commit(`step ${step}`);
    }
    write(data, onnxWeights(2));
    const trail = await open();
    await trail.refresh(unattended);
    return trail;
  }

  it('puts back the weights of the commit that was named, where an earlier one has the same graph', async () => {
    const trail = await committedTwice();
    for (const [revision, step] of [
      ['HEAD', 1],
      ['HEAD~1', 0],
      [workspace.git('rev-parse', 'HEAD').trim(), 1],
      [workspace.git('rev-parse', '--short', 'HEAD~1').trim(), 0],
    ] as const) {
      const { version, at } = await trail.resolve(`${graph}@${revision}`);
      await trail.rollback({ model: graph, version: version?.id ?? '', at }, unattended);
      expect(weightsOnDisk().indexOf(true), revision).toBe(step);
    }
  });

  it('leaves weights as they are where several commits brought the graph with different ones, and none was named', async () => {
    for (const [step, documentation] of [
      [0, 'x'],
      [1, 'y'],
      [2, 'x'],
    ] as const) {
      exportedOne(step, otherOnnxGraph(location, documentation));
      workspace.commit(`step ${step}`);
    }
    exportedOne(3, otherOnnxGraph(location, 'z'));
    const trail = await open();
    await trail.refresh(unattended);
    const version = sha256(otherOnnxGraph(location, 'x'));
    const { externalData, unknownData } = await trail.rollback({ model: graph, version }, unattended);
    expect(externalData).toEqual([]);
    expect(unknownData).toContain(data);
    expect(onDisk(data)).toBe(sha256(onnxWeights(3)));
  });
});

describe('weights with a name that no setting has', () => {
  it('are rolled back in a clone from the commit of the graph, and from no other bytes', async () => {
    const trail = await open();
    const others = 'models/external.weights';
    for (const [step, documentation] of [
      [0, 'x'],
      [1, 'y'],
    ] as const) {
      write(graph, otherOnnxGraph('external.weights', documentation));
      write(others, onnxWeights(step));
      await trail.record({ model: graph }, unattended);
    }
    // The commit that brought the second graph has other weights than it was recorded with.
    for (const [documentation, step] of [
      ['x', 0],
      ['y', 2],
      ['y', 1],
      ['x', 2],
    ] as const) {
      write(graph, otherOnnxGraph('external.weights', documentation));
      write(others, onnxWeights(step));
      workspace.commit(`${documentation} with ${step}`);
    }
    const folder = path.join(elsewhere.folder, 'clone');
    workspace.git('clone', '--quiet', '.', folder);
    const clone = await open({ folder });
    await clone.refresh(unattended);
    const target = (documentation: string) => ({
      model: graph,
      version: sha256(otherOnnxGraph('external.weights', documentation)),
    });
    await expect(clone.rollback(target('y'), unattended)).rejects.toEqual(code('missingBytes'));
    const { externalData } = await clone.planRollback(target('x'), unattended);
    expect(externalData).toMatchObject([{ target: { model: others }, from: 'git' }]);
    const { factId } = await clone.rollback(target('x'), unattended);
    const there = (): string => sha256(readFileSync(path.join(folder, others)));
    expect(there()).toBe(sha256(onnxWeights(0)));
    await clone.undo(factId, unattended);
    expect(there()).toBe(sha256(onnxWeights(2)));
    for (const [revision, step] of [
      ['HEAD~3', 0],
      ['HEAD~1', 1],
    ] as const) {
      const { version, at } = await clone.resolve(`${graph}@${revision}`);
      await clone.rollback({ model: graph, version: version?.id ?? '', at }, unattended);
      expect(there(), revision).toBe(sha256(onnxWeights(step)));
    }
  });
});

describe('what the weights of an ONNX model are said to be in', () => {
  it('stays as it is where it is a link out of the trail now, which is said', async () => {
    const trail = await open();
    exportedOne(0);
    const { version } = await trail.record({ model: graph }, unattended);
    elsewhere.write('big', onnxWeights(1));
    rmSync(path.join(workspace.folder, data));
    symlinkSync(path.join(elsewhere.folder, 'big'), path.join(workspace.folder, data));
    exportedOneGraph('x');
    const target = { model: graph, version: version.id };
    const said = /models\/modelx\.onnx\.data, which stays as it is: .* a link that leads out of the trail/;
    expect((await trail.planRollback(target, unattended)).unknownData).toMatch(said);
    expect((await trail.rollback(target, unattended)).unknownData).toMatch(said);
    expect(weightsOnDisk()[1]).toBe(true);
  });

  it('is no hidden file', async () => {
    const trail = await open();
    const hidden = '.vscode/task.bin';
    write(graph, onnxGraph(hidden));
    write(`models/${hidden}`, onnxWeights(0));
    const { externalData, externalDataProblems } = await trail.record({ model: graph }, unattended);
    expect(externalData).toEqual([]);
    expect(externalDataProblems).toEqual([expect.stringContaining(hidden) as string]);
  });

  it('is what the graph says, whatever somebody wrote into the journal', async () => {
    const trail = await open();
    const program = 'models/train.py';
    const evil = write(program, 'print(0)');
    await trail.record({ model: program }, unattended);
    write(program, 'print(1)');
    exportedOne(0);
    write('models/net.pt', 'x');
    const journal = new Journal(path.join(workspace.folder, '.modeltrail/journal'));
    const by = { name: 'Grace Hopper' };
    const externalData = { 'train.py': evil, '../models/train.py': evil };
    for (const name of [graph, 'models/net.pt']) {
      const bytes = workspace.read(name);
      const said = { version: sha256(bytes), size: bytes.length, number: 1, externalData };
      await journal.append({ kind: 'recorded', by, model: name, ...said });
      await trail.refresh(unattended);
      await trail.record({ model: name }, unattended);
      expect((await trail.version({ model: name, version: said.version }))?.externalData).toMatchObject(
        externalData,
      );
      write(name, otherOnnxGraph(location, 'x'));
      await trail.rollback({ model: name, version: said.version }, unattended);
      expect(workspace.read(program).toString()).toBe('print(1)');
    }
  });

  it('is named only in part where it is many files', async () => {
    const trail = await open();
    const many = Array.from({ length: 7 }, (_, number) => `model${number}.onnx.data`);
    write(graph, onnxGraphOf(many));
    const { version } = await trail.record({ model: graph }, unattended);
    exportedOneGraph('x');
    const { unknownData } = await trail.rollback({ model: graph, version: version.id }, unattended);
    expect(unknownData).toMatch(/models\/model4\.onnx\.data…, which/);
  });
});

function exportedOneGraph(documentation: string): void {
  write(graph, otherOnnxGraph(location, documentation));
}
