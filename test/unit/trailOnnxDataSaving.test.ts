import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { inspectFile } from '../../src/trail/reading/inspectFiles.ts';
import { onnxGraph, onnxWeights, otherOnnxGraph } from '../support/onnxData.ts';
import { data, exported, ids, location, model, onDisk, twoTrainings } from '../support/onnxTrainings.ts';
import { age, code, elsewhere, open, workspace, write } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

const saved = (name: string): string => path.join(elsewhere.folder, name);
const read = (name: string): string => sha256(readFileSync(saved(name)));

describe('an ONNX model with weights in other files that is saved', () => {
  it('can be loaded: its weights are beside it, under the names that it gives them', async () => {
    const { trail, first } = await twoTrainings();
    const target = { model, version: first.version.id };
    expect(await trail.planSaveAs(target, saved('new/best.onnx'), unattended)).toEqual({ overwrites: [] });
    expect(existsSync(saved('new'))).toBe(false);
    expect(await trail.saveAs(target, saved('new/best.onnx'), unattended)).toEqual({});
    expect([read('new/best.onnx'), read(`new/${location}`)]).toEqual([first.version.id, ids[0]]);
    const { record } = await inspectFile(saved('new/best.onnx'), 'best.onnx', false, unattended);
    expect(record.findings).toEqual([]);
    // Again is no overwriting.
    expect(await trail.planSaveAs(target, saved('new/other.onnx'), unattended)).toEqual({ overwrites: [] });
  });

  it('overwrites other files that have the names of its weights only where it may, and else none', async () => {
    const { trail, first } = await twoTrainings();
    const target = { model, version: first.version.id };
    const notes = elsewhere.write(location, 'notes');
    expect(await trail.planSaveAs(target, saved('m.onnx'), unattended)).toEqual({ overwrites: [location] });
    await expect(trail.saveAs(target, saved('m.onnx'), unattended)).rejects.toThrow(/modelx\.onnx\.data/);
    expect([existsSync(saved('m.onnx')), read(location)]).toEqual([false, notes]);
    await trail.saveAs({ ...target, overwrite: [location] }, saved('m.onnx'), unattended);
    expect([read('m.onnx'), read(location)]).toEqual([first.version.id, ids[0]]);
  });

  it('never overwrites the weights of a model, but is saved beside those that are its own', async () => {
    const { trail, first } = await twoTrainings();
    const target = { model, version: first.version.id, overwrite: [location] };
    const beside = path.join(workspace.folder, 'models/modelx.v1.onnx');
    await expect(trail.planSaveAs(target, beside, unattended)).rejects.toThrow(/another folder/);
    await expect(trail.saveAs(target, beside, unattended)).rejects.toThrow(/another folder/);
    expect([existsSync(beside), onDisk(data)]).toEqual([false, ids[1]]);
    write(data, onnxWeights(0));
    await trail.saveAs(target, beside, unattended);
    expect([sha256(readFileSync(beside)), onDisk(data)]).toEqual([first.version.id, ids[0]]);
  });

  it('is not saved in place of its own weights, nor are these behind a link', async () => {
    const trail = await open();
    const inner = 'deep/model1.data';
    write(model, onnxGraph(inner));
    write(`models/${inner}`, onnxWeights(0));
    const { version } = await trail.record({ model }, unattended);
    const target = { model, version: version.id };
    await trail.saveAs(target, saved('a/m.onnx'), unattended);
    expect(read(`a/${inner}`)).toBe(ids[0]);
    mkdirSync(saved('b'));
    symlinkSync(saved('a'), saved('b/deep'));
    await expect(trail.saveAs(target, saved('b/m.onnx'), unattended)).rejects.toEqual(code('refused'));
    expect(existsSync(saved('a/model1.data'))).toBe(false);
    const other = await twoTrainings();
    const graph = { model, version: other.first.version.id };
    await expect(other.trail.saveAs(graph, saved(location), unattended)).rejects.toThrow(/another name/);
    expect(existsSync(saved(location))).toBe(false);
  });

  it('is saved from Git with the weights of its commit', async () => {
    exported(0);
    workspace.commit('first');
    exported(1, otherOnnxGraph(location, 'x'));
    workspace.commit('second');
    const trail = await open();
    await trail.refresh(unattended);
    const { version } = await trail.resolve(`${model}@HEAD~1`);
    expect(await trail.saveAs({ model, version: version?.id ?? '' }, saved('m.onnx'), unattended)).toEqual(
      {},
    );
    expect(read(location)).toBe(ids[0]);
  });

  it('is saved alone, which is said, where its weights are not known or not here', async () => {
    const trail = await open();
    write(model, onnxGraph(location));
    const unknown = await trail.record({ model }, unattended);
    const alone = { model, version: unknown.version.id };
    const { unsaved } = await trail.saveAs(alone, saved('one/m.onnx'), unattended);
    expect(unsaved).toMatch(/modelx\.onnx\.data.*cannot be loaded.*v1 is not known/);
    expect(existsSync(saved(`one/${location}`))).toBe(false);
    write(data, onnxWeights(0));
    await trail.record({ model }, unattended);
    write(data, onnxWeights(1));
    await trail.forget([{ model: data, version: ids[0] ?? '' }], unattended);
    age();
    await trail.collectGarbage(unattended);
    const given = await trail.saveAs(alone, saved('two/m.onnx'), unattended);
    expect(given.unsaved).toMatch(/modelx\.onnx\.data.*cannot be loaded.*not on this machine/);
    expect(read('two/m.onnx')).toBe(alone.version);
    write(model, onnxGraph('../../modelx.key'));
    const { version } = await trail.record({ model }, unattended);
    const outside = await trail.saveAs({ model, version: version.id }, saved('three/m.onnx'), unattended);
    expect(outside.unsaved).toMatch(/modelx\.key.*no file in its folder/);
  });
});
