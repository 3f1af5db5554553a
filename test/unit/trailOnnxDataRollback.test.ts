import { renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Operation, unattended } from '../../src/core/operation.ts';
import { damageContent } from '../support/damage.ts';
import { onnxGraphOf, onnxWeights, otherOnnxGraph } from '../support/onnxData.ts';
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
    const { trail, target, first, second } = await twoVersions();
    damageContent(store(), sha256(onnxWeights(10)));
    // The folder of the first file is replaced while the bytes of the second are verified.
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
    expect(all()).toEqual(second);
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
