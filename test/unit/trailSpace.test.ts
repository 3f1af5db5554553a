import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { damageContent, flip, recipeFile } from '../support/damage.ts';
import { safetensorsOf } from '../support/models.ts';
import { age, model, open, record, store, workspace } from '../support/trails.ts';
import { noisy, weights } from '../support/weights.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

describe('packing', () => {
  it('makes a line of fine-tunes small, and every version can still be rolled back to', async () => {
    const trail = await open();
    let tensors = { a: weights('BF16', 400_000), b: weights('BF16', 400_000) };
    const ids: string[] = [];
    for (let version = 0; version < 3; version++) {
      ids.push(await record(trail, safetensorsOf(tensors, 'BF16')));
      tensors = { a: noisy('BF16', tensors.a, 1e-3), b: noisy('BF16', tensors.b, 1e-3) };
    }
    const { before, after, waiting } = await trail.pack(unattended);
    expect(before).toBeGreaterThan(2_400_000);
    // The first as planes, the others as differences.
    expect(after).toBeLessThan(800_000 * (0.7 + 2 * 0.25));
    expect(waiting).toBe(0);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 3, problems: [] });
    for (const id of ids.slice(0, 2)) {
      await trail.rollback({ model, version: id }, unattended);
      expect(sha256(workspace.read(model))).toBe(id);
    }
    const { models, size, stored } = await trail.usage(unattended);
    expect(models).toMatchObject([{ model, versions: [{}, {}, {}] }]);
    expect(size).toBeGreaterThan(2_400_000);
    expect(stored).toBeLessThan(size / 2);
  });

  it('turns whole files of the first layout into blocks', async () => {
    const trail = await open();
    const id = await record(trail);
    const bytes = workspace.read(model);
    rmSync(path.join(store(), 'recipes'), { recursive: true });
    rmSync(path.join(store(), 'packs'), { recursive: true });
    mkdirSync(path.join(store(), 'objects', id.slice(0, 2)), { recursive: true });
    writeFileSync(path.join(store(), 'objects', id.slice(0, 2), id), bytes);
    const again = await open();
    await again.pack(unattended);
    expect(existsSync(path.join(store(), 'objects', id.slice(0, 2), id))).toBe(false);
    expect(await again.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });
});

describe('verifying', () => {
  it('looks at a sample', async () => {
    const trail = await open();
    for (let version = 0; version < 5; version++) await record(trail);
    expect(await trail.verify({ sample: 2 }, unattended)).toMatchObject({ checked: 2, problems: [] });
    expect(await trail.verify({ sample: 50 }, unattended)).toMatchObject({ checked: 5 });
  });

  it('brings back what is damaged or missing from Git and from the working copy', async () => {
    const trail = await open();
    const first = await record(trail);
    workspace.commit('first');
    const second = await record(trail);
    const third = await record(trail);
    await trail.refresh(unattended);
    damageContent(store(), first);
    rmSync(recipeFile(store(), second));
    damageContent(store(), third);
    const fresh = await open();
    await fresh.refresh(unattended);
    const report = await fresh.verify({ repair: true }, unattended);
    expect(report).toMatchObject({ checked: 3, repaired: 2 });
    expect(report.problems).toMatchObject([{ path: model, message: expect.stringContaining('v2') }]);
    expect((await (await open()).verify({}, unattended)).problems).toHaveLength(1);
    expect(readdirSync(path.join(store(), 'tmp'))).toEqual([]);
  });

  it.each([
    ['blocks of a file', false],
    ['blocks of a file, and the list of them', true],
  ])('brings back all that is damaged at once: %s', async (_what, withList) => {
    const trail = await open();
    const id = await record(trail, safetensors(10_000_000));
    const [pack = ''] = readdirSync(path.join(store(), 'packs'));
    for (const offset of [1, 5, 9]) flip(path.join(store(), 'packs', pack), offset * 1_000_000);
    if (withList) flip(recipeFile(store(), id), 100);
    const fresh = await open();
    expect(await fresh.verify({ repair: true }, unattended)).toMatchObject({ repaired: 1, problems: [] });
    expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('puts packs that were damaged aside once nothing in them is needed', async () => {
    const trail = await open();
    const id = await record(trail);
    damageContent(store(), id);
    await trail.verify({ repair: true }, unattended);
    age();
    await trail.collectGarbage(unattended);
    expect(readdirSync(path.join(store(), 'quarantine'))).toHaveLength(1);
    expect(await (await open()).verify({}, unattended)).toMatchObject({ problems: [] });
  });

  it('puts them aside also where another process found the damage', async () => {
    const id = await record(await open());
    damageContent(store(), id);
    const [damaged] = readdirSync(path.join(store(), 'packs'));
    await (await open()).verify({}, unattended);
    await (await open()).record({ model }, unattended);
    age();
    await (await open()).collectGarbage(unattended);
    expect(readdirSync(path.join(store(), 'quarantine'))).toEqual([damaged]);
    const left = readdirSync(path.join(store(), 'packs'));
    expect(left.filter((name) => !name.endsWith('.pack'))).toEqual([]);
    expect(await (await open()).verify({}, unattended)).toMatchObject({ problems: [] });
  });
});
