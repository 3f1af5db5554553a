import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { code, elsewhere, open, workspace, write } from '../support/trails.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

const model = 'models/churn.safetensors';

function train(content: Uint8Array = safetensors(), name = model): string {
  return write(name, content);
}

describe('a model that is a link', () => {
  it('puts a file in place of a link, and the link back as long as it leads to the same bytes', async () => {
    const trail = await open();
    const best = 'models/best.safetensors';
    const file = path.join(workspace.folder, best);
    const first = train();
    train(safetensors(), 'models/epoch_1.safetensors');
    symlinkSync('churn.safetensors', file);
    await trail.record({ model: best }, unattended);
    rmSync(file);
    symlinkSync('epoch_1.safetensors', file);
    const target = { model: best, version: first };
    expect(await trail.planRollback(target, unattended)).toMatchObject({ link: 'epoch_1.safetensors' });
    const { factId } = await trail.rollback(target, unattended);
    expect(lstatSync(file).isFile()).toBe(true);
    expect(sha256(workspace.read(best))).toBe(first);
    expect(await trail.planRollback(target, unattended)).toMatchObject({ link: undefined });
    expect((await trail.planUndo(factId))?.description).toContain(
      `${best} is a link to epoch_1.safetensors again, if that still leads to the same bytes.`,
    );
    expect(await trail.undo(factId, unattended)).toEqual({});
    expect(readlinkSync(file)).toBe('epoch_1.safetensors');

    const before = workspace.read(best);
    const again = await trail.rollback(target, unattended);
    train(safetensors(), 'models/epoch_1.safetensors');
    const { note } = await trail.undo(again.factId, unattended);
    expect(note).toBe(
      `Before the rollback ${best} was a link to epoch_1.safetensors. ` +
        `That has other bytes now, or no link can be made here, so ${best} stays a file of its own.`,
    );
    expect(lstatSync(file).isFile()).toBe(true);
    expect(workspace.read(best).equals(before)).toBe(true);
    expect(readdirSync(path.dirname(file)).sort()).toEqual([
      'best.safetensors',
      'churn.safetensors',
      'epoch_1.safetensors',
    ]);
  });

  it('follows a link as the system does, before it is put back', async () => {
    const trail = await open();
    const best = 'models/best.safetensors';
    const file = path.join(workspace.folder, best);
    const first = train();
    const target = { model: best, version: first };
    const bytes = safetensors();
    train(bytes, 'runs/epoch.safetensors');
    train(bytes, 'models/epoch.safetensors');
    mkdirSync(path.join(workspace.folder, 'runs/last'));
    symlinkSync('../runs/last', path.join(workspace.folder, 'models/last'));
    symlinkSync('churn.safetensors', file);
    await trail.record({ model: best }, unattended);
    rmSync(file);
    symlinkSync('last/../epoch.safetensors', file);
    const { factId } = await trail.rollback(target, unattended);
    train(safetensors(), 'models/epoch.safetensors');
    expect(await trail.undo(factId, unattended)).toEqual({});
    expect(readlinkSync(file)).toBe('last/../epoch.safetensors');
    const again = await trail.rollback(target, unattended);
    train(safetensors(), 'runs/epoch.safetensors');
    train(bytes, 'models/epoch.safetensors');
    expect((await trail.undo(again.factId, unattended)).note).toContain('stays a file of its own');
    expect(workspace.read(best).equals(bytes)).toBe(true);
  });
});

describe('a directory that is a link', () => {
  const best = 'best';
  const place = (name: string): string => path.join(workspace.folder, name);
  const content = (name: string): string[] => [
    workspace.read(`${name}/config.json`).toString(),
    sha256(workspace.read(`${name}/model.safetensors`)),
  ];

  function run(name: string): void {
    write(`runs/${name}/config.json`, JSON.stringify({ model_type: 'bert', name }));
    write(`runs/${name}/model.safetensors`, safetensors());
  }

  /** Rolled back from one run to another, which both were recorded by the name of the link. */
  async function rolledBack() {
    const trail = await open();
    run('a');
    run('b');
    symlinkSync('runs/a', place(best));
    const { version } = await trail.record({ model: best }, unattended);
    rmSync(place(best));
    symlinkSync('runs/b', place(best));
    const before = [content('runs/a'), content('runs/b')];
    const { factId } = await trail.rollback({ model: best, version: version.id }, unattended);
    expect(lstatSync(place(best)).isDirectory()).toBe(true);
    expect([content(best), content('runs/b')]).toEqual(before);
    return { trail, factId, before };
  }

  it('is one again after an undo, as long as it leads to the same files', async () => {
    const { trail, factId, before } = await rolledBack();
    expect((await trail.planUndo(factId))?.description).toContain(`${best} is a link to runs/b again`);
    expect(await trail.undo(factId, unattended)).toEqual({});
    expect(readlinkSync(place(best))).toBe('runs/b');
    expect([content('runs/a'), content(best)]).toEqual(before);
    expect(readdirSync(workspace.folder).sort()).toEqual(['.git', '.modeltrail', 'best', 'runs']);
  });

  it.each([
    ['it would lead to other files', () => run('b')],
    ['something else was put into the folder', () => void write(`${best}/.notes`, 'mine')],
    ['what it led to is gone', () => rmSync(place('runs/b'), { recursive: true })],
  ])('stays a folder with the files of before when %s', async (_, change) => {
    const { trail, factId, before } = await rolledBack();
    change();
    const { note } = await trail.undo(factId, unattended);
    expect(note).toContain(`so ${best} stays a folder of its own.`);
    expect(lstatSync(place(best)).isDirectory()).toBe(true);
    expect(content(best)).toEqual(before[1]);
  });
});

describe('a model behind a linked folder', () => {
  // Anybody can commit the link, and a journal that names what is behind it.
  it.each([
    ['outside the trail', 'evil.pt', () => elsewhere.folder],
    ['in the folder of Git', 'config', () => path.join(workspace.folder, '.git')],
  ])('is not overwritten when that is %s', async (_, name, behind) => {
    elsewhere.write('evil.pt', 'mine');
    const target = behind();
    const before = readFileSync(path.join(target, name), 'utf8');
    const first = write(`real/${name}`, 'not yours');
    const trail = await open();
    await trail.record({ model: `real/${name}` }, unattended);
    rmSync(path.join(workspace.folder, 'real'), { recursive: true });
    symlinkSync(target, path.join(workspace.folder, 'real'));
    const attempt = trail.rollback({ model: `real/${name}`, version: first }, unattended);
    await expect(attempt).rejects.toEqual(code('refused'));
    expect(readFileSync(path.join(target, name), 'utf8')).toBe(before);
  });
});
