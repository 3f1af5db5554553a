import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KeepRules } from '../../src/core/keepRules.ts';
import { unattended } from '../../src/core/operation.ts';
import { Journal } from '../../src/journal/journal.ts';
import { recipeFile } from '../support/damage.ts';
import { safetensorsOf } from '../support/models.ts';
import {
  age,
  model,
  open,
  record,
  recordedInWorktrees,
  store,
  trails,
  versionsOf,
  workspace,
} from '../support/trails.ts';
import { weights } from '../support/weights.ts';
import { makeWorkspace, safetensors, sha256 } from '../support/workspace.ts';

const nothing: KeepRules = { last: 0, days: 0, tagged: true, staged: true, best: true };

/** The files of the journal that speak of a model. */
function entriesOf(name: string): string[] {
  const journal = '.modeltrail/journal';
  return readdirSync(path.join(workspace.folder, journal), { recursive: true, encoding: 'utf8' })
    .filter((entry) => entry.endsWith('.json'))
    .map((entry) => `${journal}/${entry.replaceAll(path.sep, '/')}`)
    .filter((entry) => workspace.read(entry).includes(`"${name}"`));
}

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

  it('counts the whole file that a content of the first layout was', async () => {
    const trail = await open();
    const id = await record(trail);
    const bytes = workspace.read(model);
    rmSync(path.join(store(), 'recipes'), { recursive: true });
    rmSync(path.join(store(), 'packs'), { recursive: true });
    const file = path.join(store(), 'objects', id.slice(0, 2), id);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    const again = await open();
    expect(await again.forget([{ model, version: id }], unattended)).toMatchObject({ bytes: bytes.length });
    const freed = { removed: 1, freed: bytes.length, waiting: 0 };
    expect(await again.collectGarbage(unattended)).toMatchObject(freed);
    expect(existsSync(`${file}.forgotten`)).toBe(false);
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
    const { bytes } = await trail.planForget(targets, unattended);
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
    const { freed, waiting } = await trail.collectGarbage(unattended);
    expect(existsSync(recipeFile(store(), first))).toBe(false);
    // Whoever records it just now may still take it back.
    expect(freed).toBe(0);
    expect(waiting).toBeGreaterThan(50_000);
    expect(await trail.collectGarbage(unattended)).toMatchObject({ removed: 1, waiting: 0 });
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

  it.each([
    ['damaged', (text: string) => `<<<<<<< HEAD\n${text}`],
    ['of a newer version', (text: string) => text.replace('"modeltrail": 1', '"modeltrail": 2')],
    ['of a kind that only a newer version knows', (text: string) => text.replace('"recorded"', '"imported"')],
  ])('frees nothing while an entry of the journal is %s, and names it', async (_what, spoil) => {
    const trail = await open();
    const content = safetensors(50_000);
    const id = await record(trail, content);
    await record(trail, content, 'copy.safetensors');
    const [entry = ''] = entriesOf('copy.safetensors');
    const text = workspace.read(entry).toString();
    const fresh = makeWorkspace();
    try {
      // A clone, whose index knows no facts yet, with the same store.
      for (const name of entriesOf(model)) fresh.write(name, workspace.read(name));
      fresh.write(entry, spoil(text));
      cpSync(store(), path.join(fresh.folder, '.git/modeltrail'), { recursive: true });
      rmSync(path.join(fresh.folder, '.git/modeltrail/users'), { recursive: true });
      const clone = await open({ folder: fresh.folder });
      const target = { model, version: id };
      const named = { code: 'damaged', message: expect.stringContaining(entry) };
      await expect(clone.forget([target], unattended)).rejects.toMatchObject(named);
      await expect(clone.collectGarbage(unattended)).rejects.toMatchObject(named);
      expect((await clone.resolve(`${model}@v1`)).version?.forgotten).toBeUndefined();
      // Once it can be read, it keeps what it claims.
      fresh.write(entry, text);
      const later = await open({ folder: fresh.folder });
      await later.forget([target], unattended);
      await later.collectGarbage(unattended);
      expect(await later.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    } finally {
      await Promise.all(trails.splice(0).map((each) => each.close()));
      fresh.remove();
    }
  });

  it('gives up nothing that was recorded in another worktree', async () => {
    const { trail, other, tree, id } = await recordedInWorktrees();
    const next = await record(trail);
    await trail.forget([{ model, version: id }], unattended);
    age();
    await trail.collectGarbage(unattended);
    expect(await other.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    // A worktree that is gone holds nothing back.
    workspace.git('worktree', 'remove', '--force', tree);
    expect((await trail.forget([{ model, version: next }], unattended)).bytes).toBeGreaterThan(0);
  });
});
