import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
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
  const lines = ['version https://git-lfs.github.com/spec/v1', `oid sha256:${id}`, `size ${bytes.length}`];
  workspace.write(name, `${lines.join('\n')}\n`);
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

  it('is not recorded: that would make a version of the pointer', async () => {
    const { exitCode, stderr } = await modeltrail(['record', model]);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('git lfs pull')]);
    expect((await modeltrail(['record', '.'])).stderr).toContain('holds the trail');
  });

  it('in a directory that is one model is read as the object too', async () => {
    workspace.write('hf/config.json', '{}');
    pointTo('hf/model.safetensors');
    expect((await json('inspect', 'hf')).document).toMatchObject({ tensors: [{ name: 'w', shape: [3] }] });
    workspace.write('copy.safetensors', bytes);
    expect(await ok('diff', 'hf', 'copy.safetensors', '--stat')).toContain('its tensor is unchanged');
  });
});
