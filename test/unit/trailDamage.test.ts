import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';
import { damageContent } from '../support/damage.ts';
import { randomTensors, safetensorsOf, type Tensors } from '../support/models.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';

const model = 'net.safetensors';
const names = ['embed', 'layer.0', 'layer.1', 'head'];

let workspace: Workspace;
let trail: Trail;
beforeEach(async () => {
  workspace = makeWorkspace();
  trail = await openTrail(workspace.folder, defaultSettings);
});
afterEach(async () => {
  await trail.close();
  workspace.remove();
});

let trained = 0;

function train(tensors: Tensors, padding = 0): string {
  const id = workspace.write(model, safetensorsOf(tensors, 'F32', padding));
  const earlier = new Date(Date.now() - 600_000 + ++trained * 2000);
  utimesSync(path.join(workspace.folder, model), earlier, earlier);
  return id;
}

const store = (): string => path.join(workspace.folder, '.git/modeltrail');

function packedBytes(): number {
  const folder = path.join(store(), 'packs');
  return readdirSync(folder).reduce((sum, name) => sum + readFileSync(path.join(folder, name)).length, 0);
}

it('stores only the tensors that changed, however long the header became', async () => {
  const tensors = randomTensors(names, 300_000);
  train(tensors);
  await trail.record({ model }, unattended);
  const before = packedBytes();
  train({ ...tensors, head: randomBytes(300_000) }, 32);
  await trail.record({ model }, unattended);
  expect(packedBytes() - before).toBeLessThan(305_000);
});

describe('kept bytes that are damaged', () => {
  it('are refused by the name of the tensor, and the file stays as it was', async () => {
    const id = train(randomTensors(names, 100_000));
    await trail.record({ model }, unattended);
    const second = train(randomTensors(names, 100_000));
    damageContent(store(), id);
    const attempt = trail.rollback({ model, version: id }, unattended);
    await expect(attempt).rejects.toMatchObject({
      code: 'damaged',
      message: `The kept bytes of the tensor head of ${model} v1 are damaged. Nothing was changed.`,
    });
    expect(sha256(workspace.read(model))).toBe(second);
    const { problems } = await trail.verify({}, unattended);
    expect(problems).toMatchObject([{ path: model, message: expect.stringContaining('the tensor head of') }]);
  });

  it('are had from Git where it has them', async () => {
    const id = train(randomTensors(names, 100_000));
    workspace.commit('first');
    await trail.refresh(unattended);
    await trail.record({ model }, unattended);
    train(randomTensors(names, 100_000));
    damageContent(store(), id);
    await trail.rollback({ model, version: id }, unattended);
    expect(sha256(workspace.read(model))).toBe(id);
    const { problems } = await trail.verify({}, unattended);
    expect(problems).toMatchObject([{ message: expect.stringContaining('Git still has them') }]);
  });

  it('are had from Git also when an undo needs them', async () => {
    const id = train(randomTensors(names, 100_000));
    await trail.record({ model }, unattended);
    const second = train(randomTensors(names, 100_000));
    workspace.commit('second');
    await trail.refresh(unattended);
    const { factId } = await trail.rollback({ model, version: id }, unattended);
    rmSync(path.join(store(), 'recipes', second.slice(0, 2), second));
    await trail.undo(factId, unattended);
    expect(sha256(workspace.read(model))).toBe(second);
  });

  it('may be in a pack that cannot be read, which is told of', async () => {
    train(randomTensors(names, 100_000));
    await trail.record({ model }, unattended);
    const [name = ''] = readdirSync(path.join(store(), 'packs'));
    const pack = path.join(store(), 'packs', name);
    renameSync(pack, path.join(workspace.folder, 'aside'));
    mkdirSync(pack);
    const fresh = await openTrail(workspace.folder, defaultSettings);
    expect((await fresh.verify({}, unattended)).problems).toMatchObject([
      { path: pack, message: expect.stringContaining(pack) },
      { path: model, message: expect.stringContaining('damaged') },
    ]);
    rmdirSync(pack);
    renameSync(path.join(workspace.folder, 'aside'), pack);
    expect((await fresh.verify({}, unattended)).problems).toEqual([]);
    await fresh.close();
  });
});
