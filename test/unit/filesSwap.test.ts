import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { directoryFiles, directoryStamp } from '../../src/files/directory.ts';
import { writeDurably } from '../../src/files/safeWrite.ts';
import { recoverSwap, swap } from '../../src/files/swap.ts';
import type { FileStamp } from '../../src/files/stamp.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let target: string;

beforeEach(() => {
  workspace = makeWorkspace({ git: false });
  target = path.join(workspace.folder, 'm');
  workspace.write('m/config.json', 'old');
  workspace.write('m/.hidden', 'stays');
  mkdirSync(path.join(target, 'assets'));
});
afterEach(() => workspace.remove());

const stamp = async (): Promise<FileStamp> => directoryStamp(await directoryFiles(target));
const read = (name: string): string => workspace.read(name).toString();
const hidden = (): string[] => readdirSync(workspace.folder).filter((name) => name.startsWith('.'));

async function build(fresh: string): Promise<void> {
  mkdirSync(fresh);
  writeFileSync(path.join(fresh, 'config.json'), 'new');
}

describe('replacing a directory', () => {
  it('keeps what is no part of the model, and leaves nothing beside', async () => {
    await swap(target, { expected: await stamp(), model: 'm' }, build);
    expect([read('m/config.json'), read('m/.hidden')]).toEqual(['new', 'stays']);
    expect(existsSync(path.join(target, 'assets'))).toBe(true);
    expect(hidden()).toEqual([]);
  });

  it('replaces a link to it, and leaves alone what that leads to', async () => {
    execFileSync('mv', [target, path.join(workspace.folder, 'elsewhere')]);
    symlinkSync('elsewhere', target);
    await swap(target, { expected: await stamp(), model: 'm' }, build);
    expect([read('m/config.json'), read('elsewhere/config.json')]).toEqual(['new', 'old']);
    expect(lstatSync(target).isDirectory()).toBe(true);
    expect(hidden()).toEqual([]);
  });

  it('by a file is refused while there is something in it that would have no place, and names that', async () => {
    workspace.write('m/sub/.env', 'mine');
    const before = await stamp();
    const asFile = (fresh: string) => writeDurably(fresh, 'a file');
    await expect(swap(target, { expected: before, model: 'm' }, asFile)).rejects.toMatchObject({
      code: 'refused',
      message: `${target} has files that are no part of the model and would have no place any more: .hidden, sub/.env. Move them elsewhere, then try again.`,
    });
    expect([read('m/.hidden'), read('m/sub/.env'), hidden()]).toEqual(['stays', 'mine', []]);
    rmSync(path.join(target, '.hidden'));
    rmSync(path.join(target, 'sub/.env'));
    await swap(target, { expected: before, model: 'm' }, asFile);
    expect(read('m')).toBe('a file');
  });

  it('leaves all as it was when what stays cannot be moved over', async () => {
    workspace.write('m/.first', 'stays too');
    const building = swap(target, { expected: await stamp(), model: 'm' }, async (fresh) => {
      await build(fresh);
      writeFileSync(path.join(fresh, '.hidden'), 'in the way');
    });
    await expect(building).rejects.toThrow(/could not be moved: .* is there already/);
    expect([read('m/config.json'), read('m/.hidden'), read('m/.first')]).toEqual([
      'old',
      'stays',
      'stays too',
    ]);
    expect(hidden()).toEqual([]);
  });

  it('with a file where a folder was: is refused while something would have to stay in that, and an empty one goes', async () => {
    const building = async (fresh: string): Promise<void> => {
      await build(fresh);
      writeFileSync(path.join(fresh, 'assets'), 'a file now');
    };
    workspace.write('m/assets/.env', 'mine');
    const before = await stamp();
    await expect(swap(target, { expected: before, model: 'm' }, building)).rejects.toThrow(
      /could not be moved: .*assets is there already/,
    );
    expect([read('m/config.json'), read('m/assets/.env'), hidden()]).toEqual(['old', 'mine', []]);
    rmSync(path.join(target, 'assets/.env'));
    await swap(target, { expected: before, model: 'm' }, building);
    expect([read('m/assets'), hidden()]).toEqual(['a file now', []]);
  });

  it('by nothing leaves what is no part of the model', async () => {
    await swap(target, { expected: await stamp(), model: 'm' }, undefined);
    expect(readdirSync(target).sort()).toEqual(['.hidden', 'assets']);
    expect(hidden()).toEqual([]);
  });

  it('is refused when a program changes the directory meanwhile, and loses nothing of what that wrote', async () => {
    const changing = swap(target, { expected: await stamp(), model: 'm' }, async (fresh) => {
      await build(fresh);
      workspace.write('m/config.json', 'written by a trainer');
    });
    await expect(changing).rejects.toThrow(/changed by another program/);
    expect(read('m/config.json')).toBe('written by a trainer');
    expect(hidden()).toEqual([]);
  });

  it('leaves all as it was when the new one cannot be made', async () => {
    const failing = swap(target, { expected: await stamp(), model: 'm' }, async (fresh) => {
      await build(fresh);
      throw new Error('no space');
    });
    await expect(failing).rejects.toThrow('no space');
    expect([read('m/config.json'), read('m/.hidden')]).toEqual(['old', 'stays']);
    expect(hidden()).toEqual([]);
  });

  it('never overwrites what appeared where nothing was', async () => {
    await expect(swap(target, { expected: 'missing', model: 'm' }, build)).rejects.toThrow(/changed/);
    expect(read('m/config.json')).toBe('old');
  });
});

describe('what a process left that died', () => {
  /** The name of a process that is gone. */
  const gone = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));

  function leave(files: Readonly<Record<string, string>>, pid = gone, host = hostname()): string {
    const work = `.m.${pid}-0123456789ab.modeltrail-tmp`;
    for (const [name, content] of Object.entries(files)) workspace.write(`${work}/${name}`, content);
    workspace.write(`${work}/name`, JSON.stringify({ name: 'm', host }));
    return path.join(workspace.folder, work);
  }
  const kept = async (): Promise<boolean> => true;

  it('while it built: goes, and the model stays', async () => {
    expect(await recoverSwap(leave({ 'new/config.json': 'half' }), kept)).toBe('recovered');
    expect(read('m/config.json')).toBe('old');
    expect(hidden()).toEqual([]);
  });

  it('between the two renames: the old directory is put back', async () => {
    execFileSync('rm', ['-r', target]);
    const work = leave({ 'new/config.json': 'new', 'old/config.json': 'old', 'old/.hidden': 'stays' });
    expect(await recoverSwap(work, async () => false)).toBe('recovered');
    expect([read('m/config.json'), read('m/.hidden')]).toEqual(['old', 'stays']);
    expect(hidden()).toEqual([]);
  });

  it('after them: what is kept goes, what is no part of the model moves over', async () => {
    const work = leave({ 'old/config.json': 'older', 'old/.notes': 'mine' });
    expect(await recoverSwap(work, kept)).toBe('recovered');
    expect([read('m/config.json'), read('m/.notes')]).toEqual(['old', 'mine']);
    expect(hidden()).toEqual([]);
  });

  it('after a file came in its place: says what has no place there, and goes when that is gone', async () => {
    rmSync(target, { recursive: true });
    workspace.write('m', 'a file');
    const work = leave({ 'old/config.json': 'older', 'old/.notes': 'mine' });
    await expect(recoverSwap(work, kept)).rejects.toThrow(/no place any more: \.notes\. Move them elsewhere/);
    expect(read(path.join(path.basename(work), 'old/.notes'))).toBe('mine');
    rmSync(path.join(work, 'old/.notes'));
    expect(await recoverSwap(work, kept)).toBe('recovered');
    expect([read('m'), hidden()]).toEqual(['a file', []]);
  });

  it('with files that nobody has kept: stays', async () => {
    const work = leave({ 'old/config.json': 'precious' });
    expect(await recoverSwap(work, async () => false)).toBe('left');
    expect(existsSync(path.join(work, 'old/config.json'))).toBe(true);
  });

  it('is left alone while its process may live, here or on another machine', async () => {
    expect(await recoverSwap(leave({ 'old/config.json': 'x' }, process.pid), kept)).toBe('busy');
    expect(await recoverSwap(leave({ 'old/config.json': 'x' }, gone, 'elsewhere'), kept)).toBe('busy');
    expect(hidden()).toHaveLength(2);
  });

  it('is left alone while its process may live on another machine, though the clock here is two hours ahead', async () => {
    const work = leave({ 'old/config.json': 'x' }, gone, 'elsewhere');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 3_600_000 });
    try {
      expect(await recoverSwap(work, kept)).toBe('busy');
    } finally {
      vi.useRealTimers();
    }
  });

  it('is put right although another process has its number now, as in a container that was started anew', async () => {
    execFileSync('rm', ['-r', target]);
    const work = leave({ 'new/config.json': 'new', 'old/config.json': 'old' }, process.pid);
    const before = new Date(Date.now() - 120_000);
    utimesSync(work, before, before);
    expect(await recoverSwap(work, kept)).toBe('recovered');
    expect(read('m/config.json')).toBe('old');
    // What is only litter waits until that process is gone.
    const building = leave({ 'new/config.json': 'half' }, process.pid);
    utimesSync(building, before, before);
    expect(await recoverSwap(building, kept)).toBe('busy');
  });
});
