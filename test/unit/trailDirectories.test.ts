import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { listingId } from '../../src/files/directory.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';
import { makeWorkspace, safetensors, sha256, type Workspace } from '../support/workspace.ts';

const model = 'models/bert';
const weights = `${model}/model.safetensors`;

let workspace: Workspace;
const trails: Trail[] = [];

async function open(): Promise<Trail> {
  const trail = await openTrail(workspace.folder, defaultSettings);
  trails.push(trail);
  return trail;
}

let written = 0;

/** Writes a file so that it looks finished, some seconds after the one before. */
function write(name: string, content: string | Uint8Array): void {
  workspace.write(name, content);
  const earlier = new Date(Date.now() - 600_000 + ++written * 2000);
  utimesSync(path.join(workspace.folder, name), earlier, earlier);
}

/** Writes a small Hugging Face model. @returns its identity */
function train(steps: number, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const all = {
    'config.json': JSON.stringify({ model_type: 'bert', steps }),
    'model.safetensors': safetensors(),
    'tokenizer/vocab.txt': 'a\nb\n',
    ...files,
  };
  for (const [name, content] of Object.entries(all)) write(`${model}/${name}`, content);
  return identity(all);
}

function identity(files: Readonly<Record<string, string | Uint8Array>>): string {
  return listingId(
    Object.entries(files).map(([name, content]) => ({
      path: name,
      size: Buffer.byteLength(content),
      id: sha256(content),
    })),
  );
}

/** What is in the model's folder, by path. */
function contents(): Record<string, string> {
  const folder = path.join(workspace.folder, model);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile()).sort();
  return Object.fromEntries(files.map((name) => [name, sha256(readFileSync(path.join(folder, name)))]));
}

const working = async (trail: Trail) => (await trail.models()).find((row) => row.path === model)?.working;
const versionsOf = async (trail: Trail) => (await trail.versions(model, { offset: 0, limit: 100 })).versions;
const code = (expected: string) => expect.objectContaining({ code: expected });

beforeEach(() => {
  workspace = makeWorkspace();
});

afterEach(async () => {
  await Promise.all(trails.splice(0).map((trail) => trail.close()));
  workspace.remove();
});

describe('a directory that is one model', () => {
  it('is one row, and one version for all of its files', async () => {
    const id = train(1);
    workspace.write('models/bert.metrics.json', '{"f1": 0.9}');
    const trail = await open();
    await trail.refresh(unattended);
    expect(await trail.models()).toMatchObject([{ path: model, working: { state: 'changed', files: 3 } }]);
    const { version, isNew } = await trail.record({ model, message: 'first' }, unattended);
    expect(isNew).toBe(true);
    expect(version).toMatchObject({ id, number: 1, files: 3, metrics: { f1: 0.9 }, sources: ['recorded'] });
    expect(version.size).toBe(
      Object.keys(contents()).reduce(
        (sum, name) => sum + statSync(path.join(workspace.folder, model, name)).size,
        0,
      ),
    );
    expect(await working(trail)).toMatchObject({ state: 'same', version: id, files: 3 });
    expect(await trail.record({ model }, unattended)).toMatchObject({ isNew: false, version: { number: 1 } });
    write(`${model}/config.json`, '{}');
    expect(await working(trail)).toMatchObject({ state: 'changed' });
    await trail.tag({ model, version: id }, 'champion', false);
    expect(await trail.resolve(`${model}@champion`)).toMatchObject({ model, version: { id } });
  });

  it('is known again by a process that has not seen it, which reads only then', async () => {
    const id = train(1);
    const trail = await open();
    await trail.record({ model }, unattended);
    await trail.close();
    trails.length = 0;
    for (const name of readdirSync(path.join(workspace.folder, '.git/modeltrail')))
      if (name.startsWith('index-')) rmSync(path.join(workspace.folder, '.git/modeltrail', name));
    const again = await open();
    expect(await working(again)).toMatchObject({ state: 'unchecked' });
    await again.checkWorkingCopies(unattended);
    expect(await working(again)).toMatchObject({ state: 'same', version: id });
  });

  it('shows what is wrong with it, and is not recorded then', async () => {
    train(1);
    write(`${model}/odd\\name`, 'x');
    const trail = await open();
    expect(await working(trail)).toMatchObject({
      state: 'unreadable',
      problem: expect.stringContaining('odd'),
    });
    await expect(trail.record({ model }, unattended)).rejects.toEqual(code('refused'));
  });

  it('keeps the versions of a file in it that was a model of its own before', async () => {
    write(weights, safetensors());
    const trail = await open();
    const { version } = await trail.record({ model: weights }, unattended);
    train(1);
    await trail.refresh(unattended);
    expect((await trail.models()).map((row) => row.path)).toEqual([model, weights]);
    await trail.record({ model }, unattended);
    await trail.rollback({ model: weights, version: version.id }, unattended);
    expect(sha256(workspace.read(weights))).toBe(version.id);
    await trail.checkWorkingCopies(unattended);
    expect(await working(trail)).toMatchObject({ state: 'changed' });
  });
});

describe('rolling back a directory', () => {
  it('puts back all of it, records what was there, leaves what is no part of it, and is undone', async () => {
    const trail = await open();
    const first = train(1, { 'extra.txt': 'only in the first' });
    await trail.record({ model, message: 'first' }, unattended);
    const before = contents();
    rmSync(path.join(workspace.folder, model, 'extra.txt'));
    const second = train(2, { 'new/deep/file': 'x' });
    workspace.write(`${model}/.gitattributes`, 'hidden');
    workspace.write(`${model}/checkpoint-5/model.safetensors`, 'a model of its own');
    chmodSync(path.join(workspace.folder, model, 'config.json'), 0o640);
    const changed = contents();
    const { recorded, factId } = await trail.rollback({ model, version: first }, unattended);
    expect(recorded).toMatchObject({ id: second, number: 2 });
    expect(contents()).toEqual({
      ...before,
      '.gitattributes': sha256('hidden'),
      'checkpoint-5/model.safetensors': sha256('a model of its own'),
    });
    expect(statSync(path.join(workspace.folder, model, 'config.json')).mode & 0o777).toBe(0o640);
    expect(existsSync(path.join(workspace.folder, model, 'new'))).toBe(false);
    expect(readdirSync(path.join(workspace.folder, 'models'))).toEqual(['bert']);
    expect(await working(trail)).toMatchObject({ state: 'same', version: first });
    await trail.undo(factId, unattended);
    expect(contents()).toEqual(changed);
    expect(await working(trail)).toMatchObject({ state: 'same', version: second });
  });

  it('brings back a directory that is gone, and undo takes it away again', async () => {
    const trail = await open();
    const id = train(1);
    await trail.record({ model }, unattended);
    const before = contents();
    rmSync(path.join(workspace.folder, model), { recursive: true });
    expect(await working(trail)).toMatchObject({ state: 'missing' });
    const { factId } = await trail.rollback({ model, version: id }, unattended);
    expect(contents()).toEqual(before);
    await trail.undo(factId, unattended);
    expect(existsSync(path.join(workspace.folder, model))).toBe(false);
  });

  it('goes between a file and a directory at one path', async () => {
    const trail = await open();
    const name = 'net.mlpackage';
    const row = async () => (await trail.models()).find((each) => each.path === name)?.working;
    write(`${name}/Manifest.json`, '{}');
    write(`${name}/Data/model.mlmodel`, 'graph');
    const { version: folder } = await trail.record({ model: name }, unattended);
    rmSync(path.join(workspace.folder, name), { recursive: true });
    write(name, 'a file');
    const { version: file } = await trail.record({ model: name }, unattended);
    await trail.rollback({ model: name, version: folder.id }, unattended);
    expect(await row()).toMatchObject({ state: 'same', version: folder.id, files: 2 });
    const { factId } = await trail.rollback({ model: name, version: file.id }, unattended);
    expect(workspace.read(name).toString()).toBe('a file');
    await trail.undo(factId, unattended);
    expect(await row()).toMatchObject({ state: 'same', version: folder.id });
  });

  it('is refused and changes nothing while bytes of one file are missing', async () => {
    const trail = await open();
    const first = train(1);
    await trail.record({ model }, unattended);
    const lost = sha256(workspace.read(weights));
    train(2);
    await trail.record({ model }, unattended);
    const before = contents();
    rmSync(path.join(workspace.folder, '.git/modeltrail/recipes', lost.slice(0, 2), lost));
    expect((await trail.planRollback({ model, version: first })).from).toBeUndefined();
    await expect(trail.rollback({ model, version: first }, unattended)).rejects.toEqual(code('missingBytes'));
    expect(contents()).toEqual(before);
  });

  it('saves a version elsewhere, and never over something', async () => {
    const trail = await open();
    const id = train(1);
    await trail.record({ model }, unattended);
    const target = path.join(workspace.folder, 'copy');
    await trail.saveAs({ model, version: id }, target, unattended);
    expect(readdirSync(target).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer']);
    await expect(trail.saveAs({ model, version: id }, target, unattended)).rejects.toThrow(/copy/);
  });
});

describe('the Git history of a directory', () => {
  it('has a version for each tree of it, whichever file changed, and rolls back to it', async () => {
    const first = train(1);
    workspace.commit('first');
    write(`${model}/tokenizer/vocab.txt`, 'a\nb\nc\n');
    workspace.commit('more words');
    const trail = await open();
    await trail.refresh(unattended);
    const versions = await versionsOf(trail);
    expect(versions.map(({ message, files, sources }) => ({ message, files, sources }))).toEqual([
      { message: 'more words', files: 3, sources: ['git'] },
      { message: 'first', files: 3, sources: ['git'] },
    ]);
    expect(versions[1]?.id).toBe(first);
    await trail.checkWorkingCopies(unattended);
    expect(await working(trail)).toMatchObject({ state: 'same', version: versions[0]?.id });
    expect((await trail.resolve('HEAD~1')).version?.id).toBe(first);
    expect(await trail.planRollback({ model, version: first })).toMatchObject({ from: 'git', records: true });
    await trail.rollback({ model, version: first }, unattended);
    expect(await working(trail)).toMatchObject({ state: 'same', version: first });
    // What was new with the next commits is read, and nothing else.
    train(3);
    workspace.commit('third');
    await trail.refresh(unattended);
    const messages = (await versionsOf(trail)).map(({ message }) => message);
    expect(messages.sort()).toEqual(['first', 'more words', 'third']);
  });

  it('begins when the folder becomes a model, and follows it when it is moved', async () => {
    write(weights, safetensors());
    workspace.commit('weights alone');
    const id = train(1);
    workspace.commit('a model');
    const trail = await open();
    await trail.record({ model, message: 'recorded before the move' }, unattended);
    workspace.git('mv', model, 'models/moved');
    workspace.commit('moved');
    await trail.refresh(unattended);
    expect((await trail.models()).map((row) => row.path)).toEqual(['models/moved']);
    const { versions } = await trail.versions('models/moved', { offset: 0, limit: 10 });
    expect(versions).toMatchObject([{ id, number: 1, message: 'recorded before the move' }]);
    expect(versions[0]?.sightings.map(({ path: at }) => at)).toEqual(['models/moved', model]);
  });

  it('counts a Git LFS pointer as what it points to, and says where the bytes could come from', async () => {
    const content = safetensors();
    const oid = sha256(content);
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;
    write(`${model}/config.json`, '{"lfs": true}');
    write(weights, pointer);
    workspace.commit('pointer');
    workspace.git('remote', 'add', 'origin', 'https://example.com/models.git');
    const id = identity({ 'config.json': '{"lfs": true}', 'model.safetensors': content });
    const trail = await open();
    await trail.refresh(unattended);
    expect(await versionsOf(trail)).toMatchObject([{ id, sources: ['lfs'], files: 2 }]);
    expect(await working(trail)).toMatchObject({ state: 'pointer' });
    const plan = await trail.planRollback({ model, version: id });
    expect(plan.from).toBeUndefined();
    expect(plan.missing).toMatch(/git lfs fetch/);
    workspace.write(`.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`, content);
    const { factId } = await trail.rollback({ model, version: id }, unattended);
    expect(sha256(workspace.read(weights))).toBe(oid);
    expect(await working(trail)).toMatchObject({ state: 'same', version: id });
    await trail.undo(factId, unattended);
    expect(workspace.read(weights).toString()).toBe(pointer);
  });
});
