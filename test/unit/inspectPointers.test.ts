import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { TrailChange } from '../../src/trail/api/models.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { commandLine } from '../support/commandLine.ts';
import { safetensorsOf } from '../support/models.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';

const model = 'net.safetensors';
const bytes = safetensorsOf({ w: new Uint8Array(Float32Array.of(1, 2, 3).buffer) }, 'F32');
const id = sha256(bytes);

let workspace: Workspace;
let object: string;
beforeEach(() => {
  workspace = makeWorkspace();
  object = path.join(workspace.folder, '.git/lfs/objects', id.slice(0, 2), id.slice(2, 4), id);
  mkdirSync(path.dirname(object), { recursive: true });
  writeFileSync(object, bytes);
  pointTo(model);
});
afterEach(() => workspace.remove());

const { json, modeltrail, ok } = commandLine(() => workspace.folder);

function pointTo(name: string): void {
  workspace.write(name, pointerOf(id, bytes.length));
}

function pointerOf(oid: string, size: number): string {
  return ['version https://git-lfs.github.com/spec/v1', `oid sha256:${oid}`, `size ${size}`, ''].join('\n');
}

describe('a file that Git LFS left as a pointer', () => {
  it('is looked into as the object that it points to, by a trail and without one', async () => {
    const trail = await openTrail(workspace.folder, defaultSettings);
    try {
      const inspection = await trail.inspect({ model }, unattended);
      expect(inspection).toMatchObject({ id, size: bytes.length, record: { format: 'safetensors' } });
      const detail = await trail.tensorDetail({ model }, 'w', unattended);
      expect(detail).toMatchObject({ statistics: { count: 3, max: 3 } });
      expect(await trail.manifest({ model }, unattended)).toContain(id);
    } finally {
      await trail.close();
    }
    const { document } = await json('inspect', model, '--stats');
    expect(document).toMatchObject({ format: 'safetensors', tensors: [{ name: 'w', stats: { mean: 2 } }] });
    expect(await ok('inspect', model)).toContain(' · 1 tensor · ');
  });

  it('is compared as that, and as the pointer only while the object is not here', async () => {
    workspace.write('copy.safetensors', bytes);
    expect((await json('diff', model, 'copy.safetensors')).document).toMatchObject({ identical: true });
    rmSync(object);
    const { document } = await json('diff', model, 'copy.safetensors');
    expect(document).toMatchObject({ identical: false, diff: { a: { format: 'lfsPointer' } } });
    expect((await json('inspect', model)).document).toMatchObject({ format: 'lfsPointer' });
  });

  it('says whether the object is here, and what puts it in place', async () => {
    expect(await ok('status')).toContain('object here: git lfs checkout');
    expect(await ok('show', model)).toContain('`git lfs checkout` puts it in place');
    rmSync(object);
    expect((await json('status')).document).toMatchObject({
      models: [{ working: { state: 'pointer', version: id, object: null } }],
    });
    expect(await ok('status')).not.toContain('here');
    expect(await ok('show', model)).toContain('its bytes are not here');
  });

  it('says that its bytes are kept when it stands for a recorded version', async () => {
    workspace.write(model, bytes);
    await ok('record', model);
    pointTo(model);
    rmSync(object);
    expect(await ok('status')).toContain('pointer to v1, object kept here');
    expect(await ok('show', model)).toContain('its bytes are kept here');
    await ok('rollback', `${model}@v1`, '--yes');
    expect(sha256(readFileSync(path.join(workspace.folder, model)))).toBe(id);
  });

  it('says so again when its object came meanwhile', async () => {
    rmSync(object);
    const changes: TrailChange[] = [];
    const trail = await openTrail(workspace.folder, defaultSettings, {
      onDidChange: (_root, change) => changes.push(change),
    });
    const look = async (): Promise<unknown> => {
      await trail.refresh(unattended);
      await trail.checkWorkingCopies(unattended);
      return (await trail.models()).map(({ working }) => working);
    };
    try {
      expect(await look()).toEqual([expect.objectContaining({ state: 'pointer', object: undefined })]);
      changes.length = 0;
      writeFileSync(object, bytes);
      expect(await look()).toEqual([expect.objectContaining({ state: 'pointer', object: 'lfs' })]);
      expect(changes).toEqual(['workingCopies']);
    } finally {
      await trail.close();
    }
  });

  it('is not recorded: that would make a version of the pointer', async () => {
    const { exitCode, stderr } = await modeltrail(['record', model]);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('git lfs pull')]);
    expect(await ok('record', '.')).toContain('There is nothing to record');
  });

  it('in a directory that is one model is read as the object too', async () => {
    workspace.write('hf/config.json', '{}');
    pointTo('hf/model.safetensors');
    expect((await json('inspect', 'hf')).document).toMatchObject({ tensors: [{ name: 'w', shape: [3] }] });
    workspace.write('copy.safetensors', bytes);
    expect(await ok('diff', 'hf', 'copy.safetensors', '--stat')).toContain('its tensor is unchanged');
    rmSync(path.join(workspace.folder, model));
    expect(await ok('status')).toContain('LFS pointers, objects here: git lfs checkout');
    // One that is here is not all of them.
    workspace.write('hf/other.safetensors', pointerOf(sha256('elsewhere'), 9));
    expect(await ok('status')).toContain('LFS pointers ');
  });
});
