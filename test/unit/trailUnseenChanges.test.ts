import { chmodSync, linkSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { hidesMappedWrites } from '../../src/files/mappedWrites.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { elsewhere, model, open, record, trails, train, workspace } from '../support/trails.ts';
import { mountCoarse, mountTiny } from '../support/disks.ts';
import { mapFile } from '../support/mappedFile.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

// What is written in place, with as many bytes, and dated back: an archive that has one time for all, a copy that keeps times.

function overwrite(name: string): string {
  const file = path.join(workspace.folder, name);
  const { size, atime, mtime } = statSync(file);
  const content = safetensors(50_000).subarray(0, size);
  writeFileSync(file, content);
  utimesSync(file, atime, mtime);
  return sha256(content);
}

async function working(trail: Trail, name = model) {
  await trail.refresh(unattended);
  return (await trail.models()).find((row) => row.path === name)?.working;
}

describe('a model that was changed without a trace in its size and time', () => {
  it('is seen, recorded, and kept by a rollback', async () => {
    const trail = await open();
    const first = await record(trail);
    expect(await working(trail)).toMatchObject({ state: 'same', version: first });
    const second = overwrite(model);
    expect(await trail.checkWorkingCopy(model, unattended)).toMatchObject({ state: 'changed' });
    expect(await trail.record({ model }, unattended)).toMatchObject({ isNew: true, version: { id: second } });
    const third = overwrite(model);
    expect((await trail.rollback({ model, version: first }, unattended)).recorded?.id).toBe(third);
    expect(sha256(workspace.read(model))).toBe(first);
  });

  it('is seen in a directory that is one model', async () => {
    const trail = await open();
    train(Buffer.from('{}'), 'bert/config.json');
    train(undefined, 'bert/model.safetensors');
    const { version } = await trail.record({ model: 'bert' }, unattended);
    expect(await working(trail, 'bert')).toMatchObject({ state: 'same', version: version.id });
    overwrite('bert/model.safetensors');
    expect(await trail.checkWorkingCopy('bert', unattended)).toMatchObject({ state: 'changed' });
    expect((await trail.record({ model: 'bert' }, unattended)).isNew).toBe(true);
  });

  it('is seen where a program that has it mapped goes on writing to it', async (test) => {
    if (await hidesMappedWrites(workspace.folder))
      return test.skip('this disk does not date what is written');
    const trail = await open();
    const first = await record(trail);
    const mapped = mapFile(test, path.join(workspace.folder, model));
    await mapped.write('aaaaaaaaaa');
    const second = (await trail.record({ model }, unattended)).version.id;
    await mapped.write('bbbbbbbbbb');
    expect(await working(trail)).not.toMatchObject({ version: second });
    expect(await trail.checkWorkingCopy(model, unattended)).toMatchObject({ state: 'changed' });
    await mapped.write('cccccccccc');
    const last = sha256(workspace.read(model));
    expect((await trail.rollback({ model, version: first }, unattended)).recorded?.id).toBe(last);
    await mapped.close();
  });

  it.for(['net.safetensors', 'bert'])(
    'is kept by a rollback where memory is the disk: %s',
    async (name, test) => {
      const folder = path.join(elsewhere.folder, 'memory');
      mountTiny(test, folder);
      const trail = await open({ folder });
      const file = path.join(folder, name === 'bert' ? 'bert/model.safetensors' : name);
      mkdirSync(path.dirname(file), { recursive: true });
      if (name === 'bert') writeFileSync(path.join(folder, 'bert/config.json'), '{}');
      writeFileSync(file, safetensors(50_000));
      const first = (await trail.record({ model: name }, unattended)).version.id;
      const mapped = mapFile(test, file);
      await mapped.write('aaaaaaaaaa');
      await trail.record({ model: name }, unattended);
      await mapped.write('bbbbbbbbbb');
      await mapped.close();
      const last = readFileSync(file);
      const { factId } = await trail.rollback({ model: name, version: first }, unattended);
      await trail.undo(factId, unattended);
      expect(readFileSync(file).equals(last)).toBe(true);
      for (const opened of trails.splice(0)) await opened.close();
    },
  );

  it('is seen on a disk that counts time in seconds, where two writes have the same one', async (test) => {
    const folder = path.join(elsewhere.folder, 'coarse');
    mountCoarse(test, folder);
    const trail = await open({ folder });
    const file = path.join(folder, model);
    writeFileSync(file, safetensors(50_000));
    const { id } = (await trail.record({ model }, unattended)).version;
    for (let time = 0; time < 5; time++) {
      writeFileSync(file, safetensors(50_000));
      expect(await trail.checkWorkingCopy(model, unattended)).toMatchObject({ state: 'changed' });
    }
    await trail.rollback({ model, version: id }, unattended);
    expect(await trail.checkWorkingCopy(model, unattended)).toMatchObject({ state: 'same', version: id });
    for (const opened of trails.splice(0)) await opened.close();
  });
});

describe('a model whose bytes stayed', () => {
  it('is read once more when it got another mode or name, and then known', async () => {
    const trail = await open();
    const version = await record(trail);
    const file = path.join(workspace.folder, model);
    for (const touch of [() => chmodSync(file, 0o600), () => linkSync(file, `${file}.link`)]) {
      touch();
      expect(await working(trail)).toMatchObject({ state: 'unchecked' });
      await trail.checkWorkingCopy(model, unattended);
      expect(await working(trail)).toMatchObject({ state: 'same', version });
    }
  });

  it('is known after a rollback without being read, and so are the files of a directory that stayed', async () => {
    const trail = await open();
    const first = await record(trail);
    await record(trail);
    await trail.rollback({ model, version: first }, unattended);
    expect(await working(trail)).toMatchObject({ state: 'same', version: first });

    train(Buffer.from('{}'), 'bert/config.json');
    train(undefined, 'bert/model.safetensors');
    const { version } = await trail.record({ model: 'bert' }, unattended);
    train(Buffer.from('[]'), 'bert/config.json');
    await trail.record({ model: 'bert' }, unattended);
    await trail.rollback({ model: 'bert', version: version.id }, unattended);
    expect(await working(trail, 'bert')).toMatchObject({ state: 'same', version: version.id });
  });
});
