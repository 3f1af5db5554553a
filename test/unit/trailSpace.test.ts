import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KeepRules } from '../../src/core/keepRules.ts';
import { unattended } from '../../src/core/operation.ts';
import { Journal } from '../../src/journal/journal.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { Trail, type TrailOptions } from '../../src/trail/trail.ts';
import { damageContent, recipeFile } from '../support/damage.ts';
import { safetensorsOf } from '../support/models.ts';
import { noisy, weights } from '../support/weights.ts';
import { makeWorkspace, safetensors, sha256, type Workspace } from '../support/workspace.ts';

const model = 'net.safetensors';
const nothing: KeepRules = { last: 0, days: 0, tagged: true, staged: true, best: true };

let workspace: Workspace;
let elsewhere: Workspace;
const trails: Trail[] = [];
beforeEach(() => {
  workspace = makeWorkspace();
  elsewhere = makeWorkspace({ git: false });
});
afterEach(async () => {
  await Promise.all(trails.splice(0).map((trail) => trail.close()));
  workspace.remove();
  elsewhere.remove();
});

interface Opening extends TrailOptions {
  readonly folder?: string;
  readonly storePath?: string;
}

async function open({ folder = workspace.folder, storePath, ...options }: Opening = {}): Promise<Trail> {
  const trail = await Trail.open(folder, { ...defaultSettings, storePath }, options);
  trails.push(trail);
  return trail;
}

let trained = 0;

function train(content: Uint8Array = safetensors(50_000), name = model, within = workspace): string {
  const id = within.write(name, content);
  const earlier = new Date(Date.now() - 600_000 + ++trained * 2000);
  utimesSync(path.join(within.folder, name), earlier, earlier);
  return id;
}

async function record(trail: Trail, content?: Uint8Array, name = model): Promise<string> {
  train(content, name);
  return (await trail.record({ model: name }, unattended)).version.id;
}

const store = (): string => path.join(workspace.folder, '.git/modeltrail');

/** As if nobody had touched the packs for two hours. */
function age(folder = store()): void {
  const then = new Date(Date.now() - 7_200_000);
  for (const name of readdirSync(path.join(folder, 'packs')))
    utimesSync(path.join(folder, 'packs', name), then, then);
}

async function versionsOf(trail: Trail, name = model) {
  return (await trail.versions(name, { offset: 0, limit: 100 })).versions;
}

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

describe('freeing space', () => {
  it('plans what would go and why the rest stays', async () => {
    const trail = await open();
    const ids: string[] = [];
    for (let version = 0; version < 6; version++) ids.push(await record(trail));
    await trail.tag({ model, version: ids[0]! }, 'baseline', false);
    await trail.stage({ model, version: ids[1]! }, 'production');
    // What was there before the rollback can still be put back.
    await trail.rollback({ model, version: ids[3]! }, unattended);
    // The same bytes under another name, where they stay.
    workspace.write('other.safetensors', '');
    await record(trail, workspace.read(model), 'other.safetensors');
    const later = await open({ now: () => new Date(Date.now() + 86_400_000) });
    const { keep, free, bytes } = await later.planFree(nothing, unattended);
    expect(free.map(({ version }) => version.number)).toEqual([5, 3]);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(103_000);
    expect(free[0]?.bytes).toBeGreaterThan(50_000);
    const reasons = keep.map(({ version, reasons: why }) => [version.model, version.number, why[0]?.kind]);
    expect(reasons).toEqual([
      [model, 6, 'inUse'],
      [model, 4, 'inUse'],
      [model, 2, 'staged'],
      [model, 1, 'tagged'],
      ['other.safetensors', 1, 'inUse'],
    ]);
    expect((await trail.planFree({ ...nothing, last: 6 }, unattended)).free).toEqual([]);
  });

  it('forgets the bytes and nothing else, and says who gave them up', async () => {
    const trail = await open();
    const first = await record(trail);
    await record(trail);
    const { forgotten, bytes } = await trail.forget([{ model, version: first }], unattended);
    expect(forgotten).toMatchObject([{ id: first, forgotten: true, number: 1 }]);
    expect(bytes).toBeGreaterThan(50_000);
    expect(await trail.collectGarbage(unattended)).toMatchObject({ removed: 0 });
    age();
    expect(await trail.collectGarbage(unattended)).toMatchObject({ removed: 1, waiting: 0 });
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    expect(await versionsOf(trail)).toMatchObject([{ number: 2 }, { number: 1, forgotten: true }]);
    const today = new Date().toISOString().slice(0, 10);
    await expect(trail.rollback({ model, version: first }, unattended)).rejects.toMatchObject({
      code: 'missingBytes',
      message: `The bytes of v1 of ${model} were given up by Ada Lovelace on ${today}.`,
    });
    await expect(trail.forget([{ model, version: first }], unattended)).rejects.toMatchObject({
      code: 'refused',
    });
  });

  it('still rolls back to a forgotten version that Git has', async () => {
    const trail = await open();
    const first = await record(trail);
    workspace.commit('first');
    await record(trail);
    await trail.refresh(unattended);
    await trail.forget([{ model, version: first }], unattended);
    age();
    await trail.collectGarbage(unattended);
    await trail.rollback({ model, version: first }, unattended);
    expect(sha256(workspace.read(model))).toBe(first);
  });

  it('is a version with its bytes again when it is recorded again', async () => {
    const trail = await open();
    const content = safetensors(50_000);
    const first = await record(trail, content);
    await trail.forget([{ model, version: first }], unattended);
    await record(trail, content);
    expect(await versionsOf(trail)).toMatchObject([{ number: 1, forgotten: undefined }]);
    age();
    await trail.collectGarbage(unattended);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('says beforehand what would be free', async () => {
    const trail = await open();
    const first = await record(trail);
    const second = await record(trail);
    await record(trail, workspace.read(model), 'copy.safetensors');
    const targets = [first, second].map((version) => ({ model, version }));
    const bytes = await trail.planForget(targets, unattended);
    // The other one has the bytes of the second too.
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(52_000);
    expect(await trail.forget(targets, unattended)).toMatchObject({ bytes });
  });

  it('counts as waiting what is free in a pack that is mostly unneeded, until it can be written again', async () => {
    const trail = await open();
    const tensors = { a: weights('F32', 100_000), b: weights('F32', 20_000) };
    const first = await record(trail, safetensorsOf(tensors, 'F32'));
    await record(trail, safetensorsOf({ b: tensors.b }, 'F32'));
    const { bytes } = await trail.forget([{ model, version: first }], unattended);
    const { freed, waiting } = await trail.collectGarbage(unattended);
    expect(freed).toBe(0);
    expect(waiting).toBeGreaterThan(100_000);
    expect(waiting).toBeLessThanOrEqual(bytes);
    age();
    expect(await trail.collectGarbage(unattended)).toMatchObject({ removed: 1, waiting: 0 });
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('keeps bytes that another model has too', async () => {
    const trail = await open();
    const content = safetensors(50_000);
    const id = await record(trail, content);
    await record(trail, content, 'copy.safetensors');
    expect(await trail.forget([{ model, version: id }], unattended)).toMatchObject({ bytes: 0 });
    age();
    await trail.collectGarbage(unattended);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('is finished by the next collection when it was killed after the fact', async () => {
    const trail = await open();
    const first = await record(trail);
    await record(trail);
    const journal = new Journal(path.join(workspace.folder, '.modeltrail/journal'));
    await journal.append({ kind: 'forgotten', by: { name: 'Ada' }, model, version: first });
    age();
    expect(await trail.collectGarbage(unattended)).toMatchObject({ removed: 1 });
    expect(existsSync(recipeFile(store(), first))).toBe(false);
  });

  it('is taken back when the same bytes were recorded by a process that was killed', async () => {
    const trail = await open();
    const first = await record(trail);
    await record(trail);
    await trail.forget([{ model, version: first }], unattended);
    const journal = new Journal(path.join(workspace.folder, '.modeltrail/journal'));
    const by = { name: 'Ada' };
    await journal.append({ kind: 'recorded', by, model, version: first, size: 50_000, number: 1 });
    await trail.refresh(unattended);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    age();
    await trail.collectGarbage(unattended);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  });

  it('gives up nothing that was recorded in another worktree', async () => {
    const trail = await open();
    const content = safetensors(50_000);
    const id = await record(trail, content);
    workspace.commit('first');
    const tree = path.join(elsewhere.folder, 'tree');
    workspace.git('worktree', 'add', '--quiet', tree);
    const other = await open({ folder: tree });
    train(content, `tree/${model}`, elsewhere);
    await other.record({ model }, unattended);
    const next = await record(trail);
    await trail.forget([{ model, version: id }], unattended);
    age();
    await trail.collectGarbage(unattended);
    expect(await other.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    // A worktree that is gone holds nothing back.
    rmSync(tree, { recursive: true });
    expect((await trail.forget([{ model, version: next }], unattended)).bytes).toBeGreaterThan(0);
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
});

describe('the folder of the store', () => {
  it('is moved with all that is in it, for every window', async () => {
    const trail = await open();
    const window = await open();
    const first = await record(trail);
    await record(trail);
    await trail.pack(unattended);
    const to = path.join(elsewhere.folder, 'store');
    const report = await trail.moveStore(to, unattended);
    expect(report).toMatchObject({ from: store(), to, removed: true });
    expect(report.copied).toBeGreaterThan(100_000);
    expect(existsSync(path.join(store(), 'packs'))).toBe(false);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    await window.rollback({ model, version: first }, unattended);
    await record(window);
    expect(existsSync(path.join(store(), 'packs'))).toBe(false);
    expect(await (await open()).verify({}, unattended)).toMatchObject({ checked: 3, problems: [] });
    expect((await trail.usage(unattended)).folder).toBe(to);
    // And back.
    await trail.moveStore(store(), unattended);
    expect(existsSync(to)).toBe(false);
    expect(await window.verify({}, unattended)).toMatchObject({ checked: 3, problems: [] });
  });

  it('is not moved where something else is, nor into itself', async () => {
    const trail = await open();
    await record(trail);
    elsewhere.write('thesis.txt', 'all of it');
    for (const folder of [elsewhere.folder, store(), path.join(store(), 'inner'), workspace.folder])
      await expect(trail.moveStore(folder, unattended)).rejects.toMatchObject({ code: 'refused' });
    expect(await trail.verify({}, unattended)).toMatchObject({ problems: [] });
  });

  it('stays where it was when something in the copy would be missing', async () => {
    const trail = await open();
    const id = await record(trail);
    const other = await record(trail);
    damageContent(store(), id);
    const to = path.join(elsewhere.folder, 'store');
    // What was damaged before is no reason not to move, but one to keep the old folder.
    expect(await trail.moveStore(to, unattended)).toMatchObject({ removed: false });
    expect(existsSync(recipeFile(store(), other))).toBe(true);
    expect(existsSync(recipeFile(to, other))).toBe(true);
  });

  it('can be shared by several workspaces, and what one forgets stays for the other', async () => {
    const storePath = path.join(elsewhere.folder, 'shared');
    const second = makeWorkspace();
    try {
      const trail = await open({ storePath });
      const other = await open({ folder: second.folder, storePath });
      const content = safetensors(50_000);
      const id = await record(trail, content);
      train(content, model, second);
      expect((await other.record({ model }, unattended)).version).toMatchObject({ id, number: 1 });
      const own = train(safetensors(60_000), model, second);
      expect((await other.record({ model }, unattended)).version).toMatchObject({ id: own, number: 2 });
      expect(readdirSync(path.join(storePath, 'packs'))).toHaveLength(2);
      await trail.forget([{ model, version: id }], unattended);
      age(storePath);
      await trail.collectGarbage(unattended);
      expect(await other.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
      await other.forget([{ model, version: id }], unattended);
      age(storePath);
      expect(await other.collectGarbage(unattended)).toMatchObject({ removed: 1 });
      expect(await other.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    } finally {
      await Promise.all(trails.splice(0).map((trail) => trail.close()));
      second.remove();
    }
  });

  it('that is set in the settings is moved in two steps: the settings switch', async () => {
    const storePath = path.join(elsewhere.folder, 'set');
    const to = path.join(elsewhere.folder, 'moved');
    const trail = await open({ storePath });
    const first = await record(trail);
    expect(await trail.moveStore(to, unattended)).toMatchObject({ from: storePath, to, removed: false });
    expect((await trail.info()).store).toBe(storePath);
    // What comes before the settings say so is not lost either.
    await record(trail);
    const switched = await open({ storePath: to });
    expect(await switched.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    expect(await switched.moveStore(to, unattended)).toMatchObject({ from: storePath, to, removed: true });
    expect(existsSync(storePath)).toBe(false);
    expect(await switched.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    await switched.rollback({ model, version: first }, unattended);
    expect(sha256(workspace.read(model))).toBe(first);
  });

  it('still has what was recorded before another folder was set', async () => {
    const trail = await open();
    const first = await record(trail);
    const moved = await open({ storePath: path.join(elsewhere.folder, 'shared') });
    await record(moved);
    expect(await moved.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    await moved.rollback({ model, version: first }, unattended);
    expect(sha256(workspace.read(model))).toBe(first);
  });

  it('on a disk that is not there takes nothing, and says so', async () => {
    const storePath = path.join(elsewhere.folder, 'disk/shared');
    const trail = await open({ storePath });
    await record(trail);
    rmSync(path.join(elsewhere.folder, 'disk'), { recursive: true });
    train();
    await expect(trail.record({ model }, unattended)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(storePath),
    });
    expect(existsSync(storePath)).toBe(false);
  });
});
