import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { onnxGraph, onnxWeights } from '../support/onnxData.ts';
import { workspace, write } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

const model = 'modelx.onnx';
const data = 'modelx.onnx.data';
const { modeltrail, json, ok } = commandLine(() => workspace.folder);

function exported(steps: number): string {
  write(model, onnxGraph(data));
  return write(data, onnxWeights(steps));
}

describe('the command line on an ONNX model whose weights are in another file', () => {
  it('says where its weights went, and which version has the metrics', async () => {
    exported(0);
    expect(await ok('record', model, '--metric', 'acc=0.5')).toBe(
      'Recorded modelx.onnx v1.\nIts weights in modelx.onnx.data were recorded as v1.\nMetrics: acc=0.5\n',
    );
    const id = exported(1);
    expect(await ok('status')).toMatch(/modelx\.onnx +unchanged .*\nmodelx\.onnx\.data +changed /);
    expect(await ok('record', model, '--metric', 'acc=0.9')).toBe(
      [
        'modelx.onnx v1 was recorded before: this is the same content.',
        'Its weights in modelx.onnx.data were recorded as v2.',
        'Metrics of modelx.onnx.data v2: acc=0.9\n',
      ].join('\n'),
    );
    expect((await json('record', model)).document).toMatchObject({
      isNew: false,
      version: { name: 'v1', metrics: { acc: 0.5 } },
      externalData: [{ isNew: false, version: { model: data, name: 'v2', id, metrics: { acc: 0.9 } } }],
    });
    expect(await ok('diff', `${model}@v1`, model)).toMatch(/1 of 2 tensors changed/);
  });

  it('compares and inspects the weights of the commits that are named', async () => {
    for (const step of [0, 1]) {
      exported(step);
      workspace.commit(`step ${step}`);
    }
    const text = await ok('diff', `${model}@HEAD~1`, `${model}@HEAD`);
    expect(text).toMatch(/^--- modelx\.onnx@HEAD~1\n\+\+\+ modelx\.onnx@HEAD\n.*1 of 2 tensors changed/);
    const statistics = async (revision: string): Promise<unknown> =>
      (await json('inspect', '--stats', `${model}@${revision}`)).document['tensors'];
    expect(await statistics('HEAD~1')).not.toEqual(await statistics('HEAD'));
  });

  it('warns of weights that are missing', async () => {
    exported(0);
    rmSync(path.join(workspace.folder, data));
    const { exitCode, stderr } = await modeltrail(['record', model]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/missing: modelx\.onnx\.data\. The version was recorded without them\./);
  });

  it('asks before it rolls back the weights too, and says that it did', async () => {
    const first = exported(0);
    await ok('record', model);
    exported(1);
    const question = await modeltrail(['rollback', `${model}@v1`], { answer: 'n\n' });
    expect(question.stderr).toMatch(
      /modelx\.onnx is v1 already, but not its weights\. modelx\.onnx\.data will be recorded as it is now, then replaced by v1 /,
    );
    expect(await ok('rollback', `${model}@v1`, '--yes')).toMatch(
      /^modelx\.onnx is v1 now\.\nmodelx\.onnx\.data is v1 now\.\nWhat was there is recorded as v2\.\n/,
    );
    expect(sha256(workspace.read(data))).toBe(first);
    expect((await json('undo', '--yes')).document).toMatchObject({ undone: { kind: 'rolledBack', model } });
    expect(sha256(workspace.read(data))).not.toBe(first);
  });
});
