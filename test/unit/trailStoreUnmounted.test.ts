import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { entryOf } from '../../src/trail/contentFolders.ts';
import { commandLine } from '../support/commandLine.ts';
import {
  age,
  elsewhere,
  model,
  open,
  record,
  store,
  train,
  versionsOf,
  workspace,
} from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

// The store is in the folder that a disk is mounted at. Without the disk that is an empty folder of another one.

const disk = (): string => path.join(elsewhere.folder, 'disk');

function unmount(folder = disk()): void {
  renameSync(folder, `${folder}.away`);
  mkdirSync(folder);
}

function mount(folder = disk()): void {
  rmSync(folder, { recursive: true });
  renameSync(`${folder}.away`, folder);
}

const unmounted = () => ({
  code: 'io',
  message: expect.stringMatching(/The store is in .* nothing of it .* mounted\?/),
});

describe('a store whose disk is not mounted', () => {
  it('takes nothing, and is there when the disk is', async () => {
    const first = await record(await open({ storePath: disk() }));
    unmount();
    const trail = await open();
    train();
    await expect(trail.record({ model }, unattended)).rejects.toMatchObject(unmounted());
    await expect(trail.collectGarbage(unattended)).rejects.toMatchObject(unmounted());
    await expect(trail.usage(unattended)).rejects.toMatchObject(unmounted());
    await expect(trail.moveStore(`${disk()}.other`, unattended)).rejects.toMatchObject(unmounted());
    expect((await trail.verify({}, unattended)).problems).toMatchObject([{ path: disk() }]);
    expect(readdirSync(disk())).toEqual([]);
    mount();
    const second = (await trail.record({ model }, unattended)).version.id;
    await trail.rollback({ model, version: first }, unattended);
    expect(sha256(workspace.read(model))).toBe(first);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    expect(await versionsOf(trail)).toMatchObject([{ id: second }, { id: first }]);
  });

  it('is told of where a link leads to it', async () => {
    const link = `${disk()}.link`;
    symlinkSync(disk(), link, 'junction');
    const trail = await open({ storePath: link });
    await expect(record(trail)).rejects.toMatchObject({
      code: 'io',
      message: `${link} is a link to a folder that is not there. Connect the disk that it is on, or make the folder, and try again.`,
    });
    mkdirSync(disk());
    await record(trail);
  });

  it('is told of where its history is shown', async () => {
    await record(await open({ storePath: disk() }));
    unmount();
    const { ok, json, modeltrail } = commandLine(() => workspace.folder);
    expect(await ok('status')).toMatch(/net\.safetensors.*v1[^]*Problems:[^]*mounted\?/);
    expect((await json('status')).document).toMatchObject({ problems: [{ path: disk() }] });
    const log = await modeltrail(['log', model]);
    expect(log).toMatchObject({ stdout: expect.stringMatching(/^v1 /), stderr: unmounted().message });
    const { exitCode, stderr } = await modeltrail(['gc']);
    expect([exitCode, stderr.match(/mounted\?/g)]).toEqual([3, ['mounted?']]);
    mount();
    expect(await ok('status')).not.toContain('Problems');
  });

  it('is a new one for who deleted it on purpose, and the file that remembers it', async () => {
    await record(await open({ storePath: disk() }));
    unmount();
    const trail = await open({ storePath: disk() });
    const remembers = entryOf(store(), disk());
    await expect(record(trail)).rejects.toThrow(`delete ${remembers}`);
    rmSync(remembers);
    await record(trail);
    expect(existsSync(path.join(disk(), 'packs'))).toBe(true);
  });

  it('is no obstacle where it was never used, or what was to use it first was killed', async () => {
    const users = path.join(disk(), 'users');
    mkdirSync(disk());
    writeFileSync(users, 'ends it before the first step there');
    await expect(record(await open({ storePath: disk() }))).rejects.toMatchObject({ code: 'io' });
    rmSync(users);
    await record(await open({ storePath: disk() }));
    expect(existsSync(path.join(disk(), 'packs'))).toBe(true);
  });

  it.each(['from', 'to'])('is not taken for moved %s there', async (unmountedOne) => {
    const [from, to] = ['from', 'to'].map((name) => path.join(elsewhere.folder, name)) as [string, string];
    const trail = await open();
    const id = await record(trail);
    await trail.moveStore(from, unattended);
    // What a move leaves that is killed after the switch.
    cpSync(from, to, { recursive: true });
    writeFileSync(path.join(store(), 'location'), `${to}\n${from}\n`);
    const folder = unmountedOne === 'from' ? from : to;
    unmount(folder);
    const named = { code: 'io', message: expect.stringContaining(folder) };
    await expect(trail.collectGarbage(unattended)).rejects.toMatchObject(named);
    await expect(trail.pack(unattended)).rejects.toMatchObject(named);
    expect(readdirSync(folder)).toEqual([]);
    mount(folder);
    age(to);
    await trail.collectGarbage(unattended);
    expect(existsSync(from)).toBe(false);
    train();
    await trail.rollback({ model, version: id }, unattended);
    expect(sha256(workspace.read(model))).toBe(id);
  });
});
